import { CreditCard } from 'lucide-react'
import { Select } from '../../ui/Choice.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { useWords } from '../../ui/words.tsx'
import { type CardDraft, type CardProblems, digitsOf, groupExpiry, groupNumber } from './card.ts'

export interface CardFormProps {
  readonly card: CardDraft
  readonly onChange: (card: CardDraft) => void
  readonly problems: CardProblems
  /** Of the test provider: what each number does. Empty where real money moves. */
  readonly tests: readonly { readonly number: string; readonly what: string }[]
  readonly expiryHint: string
}

/** The card form of the test provider. Numbers stay in this component; the server gets a token. */
export function CardForm({ card, onChange, problems, tests, expiryHint }: CardFormProps) {
  const words = useWords('checkout')
  const wrong = (problem: string | undefined) =>
    problem ? words(`checkout.card_wrong_${problem}` as 'checkout.card_wrong_number') : undefined
  const chosen = tests.find((one) => one.number === digitsOf(card.number))
  return (
    <div className="form-grid">
      <TextInput
        label={words('checkout.card_number')}
        value={card.number}
        onChange={(text) => onChange({ ...card, number: groupNumber(text) })}
        error={wrong(problems.number)}
        start={<CreditCard size={18} aria-hidden />}
        inputMode="numeric"
        autoComplete="cc-number"
        name="cc-number"
        placeholder="1234 1234 1234 1234"
        dir="ltr"
        className="form-wide"
      />
      <TextInput
        label={words('checkout.card_expiry')}
        value={card.expiry}
        onChange={(text) => onChange({ ...card, expiry: text.length < card.expiry.length ? text : groupExpiry(text) })}
        error={wrong(problems.expiry)}
        inputMode="numeric"
        autoComplete="cc-exp"
        name="cc-exp"
        placeholder={expiryHint}
        dir="ltr"
      />
      <TextInput
        label={words('checkout.card_code')}
        value={card.code}
        onChange={(text) => onChange({ ...card, code: digitsOf(text).slice(0, 4) })}
        error={wrong(problems.code)}
        inputMode="numeric"
        autoComplete="cc-csc"
        name="cc-csc"
        placeholder="123"
        dir="ltr"
      />
      {tests.length > 0 ? (
        <Select
          label={words('checkout.test_cards')}
          hint={words('checkout.test_cards_why')}
          className="form-wide test-cards"
          value={chosen?.number ?? ''}
          placeholder={words('checkout.test_cards_choose')}
          onChange={(number) => onChange({ number: groupNumber(number), expiry: expiryHint, code: '123' })}
          options={tests.map((one) => ({
            value: one.number,
            label: `${groupNumber(one.number)} · ${words.has(`checkout.test_${one.what}`) ? words(`checkout.test_${one.what}` as 'checkout.test_success') : one.what}`,
          }))}
        />
      ) : null}
    </div>
  )
}
