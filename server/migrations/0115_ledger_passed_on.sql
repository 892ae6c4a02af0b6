-- passed_on: a provider holds or sends the money for the shop itself, so the shop is owed that much less.
alter table ledger.transfer drop constraint transfer_kind_check;
alter table ledger.transfer add constraint transfer_kind_check check (kind in (
  'sale', 'sale_return', 'capture', 'refund', 'provider_fee', 'shop_fee', 'cash', 'cash_kept', 'payout_asked', 'payout_paid', 'settlement', 'reversal', 'passed_on'));
