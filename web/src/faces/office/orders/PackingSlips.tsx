import { textIn } from '@efir/contract/scalars.ts'
import { useOptionWords } from '../../../parts/catalog/use-options.ts'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { addressLines } from './order.tsx'
import type { PackingRow } from './packing-row.ts'
import { picksOf } from './pick.ts'
import './PackingSlips.css'

/** Seen on paper only: the pick list, then a slip for each parcel on a page of its own. */
export function PackingSlips({ parcels }: { readonly parcels: readonly PackingRow[] }) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const options = useOptionWords()
  const shop = useShop()
  return (
    <div className="slips print-only">
      <section className="slip">
        <h1>{words('office.pick_list')}</h1>
        <p>
          <span>
            <bdi>{shop.name}</bdi>
          </span>{' '}
          · {words('office.n_parcels', { n: parcels.length })}
        </p>
        <table>
          <tbody>
            {picksOf(parcels).map((pick) => (
              <tr key={pick.sku}>
                <td className="slip-box" />
                <td>
                  <b>{formats.number(pick.units)}</b>
                </td>
                <td dir="auto">{textIn(pick.title, locale)}</td>
                <td>{options.textOf(pick.options)}</td>
                <td dir="ltr">{pick.sku}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {parcels.map((parcel) => (
        <section key={parcel.id} className="slip">
          <header>
            <h1 dir="auto">{shop.name}</h1>
            <h1 dir="ltr">{parcel.numbers.join(', ')}</h1>
          </header>
          <address dir="auto">
            {addressLines(parcel.address, formats.country(parcel.address.country)).map((line) => (
              <span key={line}>{line}</span>
            ))}
            <span dir="ltr">{parcel.address.phone}</span>
          </address>
          <p>{textIn(parcel.method.name, locale)}</p>
          <table>
            <tbody>
              {parcel.orders.flatMap((order) =>
                order.lines.map((line) => (
                  <tr key={line.id}>
                    <td className="slip-box" />
                    <td>
                      <b>{formats.number(line.quantity - line.returned)}</b>
                    </td>
                    <td dir="auto">{textIn(line.title, locale)}</td>
                    <td>{options.textOf(line.options)}</td>
                    <td dir="ltr">{line.sku}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
          {parcel.toCollect ? (
            <p className="slip-collect">
              {words('office.to_collect')}: {formats.money(parcel.toCollect)}
            </p>
          ) : null}
        </section>
      ))}
    </div>
  )
}
