import { Select } from '../../ui/Choice.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../ui/words.tsx'
import { autofill, type Draft, type Field, type FieldName, type Problems } from './address.ts'
import './Checkout.css'

export interface AddressFormProps {
  readonly country: string
  readonly countries: readonly string[]
  readonly onCountry: (country: string) => void
  readonly fields: readonly Field[]
  readonly callingCode: string
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly email: string
  readonly onEmail: (email: string) => void
  /** Shown at these fields; empty until the buyer has pressed the button or left the field. */
  readonly problems: Problems
  readonly emailProblem: 'missing' | 'wrong' | null
  readonly onLeave: (name: FieldName | 'email') => void
}

/** Which fields there are, their order and their rules come from the country's data. */
export function AddressForm(props: AddressFormProps) {
  const words = useWords('checkout')
  const formats = useFormats()
  const { fields, draft, problems } = props
  const labelOf = (field: Field) => {
    const own = `checkout.field_${field.label ?? field.name}`
    return words((words.has(own) ? own : `checkout.field_${field.name}`) as 'checkout.field_name')
  }
  const problemOf = (field: Field) => {
    const problem = problems[field.name]
    if (problem === undefined) return undefined
    if (problem === 'missing') return words('common.required')
    if (problem === 'phone') return words('checkout.wrong_phone', { example: props.callingCode })
    return field.example ? words('checkout.wrong_example', { example: field.example }) : words('checkout.wrong_field')
  }
  const countries = [...props.countries]
    .map((code) => ({ value: code, label: formats.country(code) }))
    .sort((one, other) => one.label.localeCompare(other.label))
  return (
    <div className="form-grid">
      <TextInput
        label={words('checkout.email')}
        hint={words('checkout.email_why')}
        type="email"
        name="email"
        autoComplete="email"
        inputMode="email"
        value={props.email}
        onChange={props.onEmail}
        onBlur={() => props.onLeave('email')}
        error={
          props.emailProblem ? words(props.emailProblem === 'missing' ? 'common.required' : 'checkout.wrong_email') : undefined
        }
        className="form-wide"
      />
      <Select
        label={words('checkout.country')}
        value={props.country}
        onChange={props.onCountry}
        options={countries}
        autoComplete="country"
        className="form-wide"
      />
      {fields.map((field) => (
        <TextInput
          key={field.name}
          label={labelOf(field)}
          optional={!field.required}
          name={field.name}
          autoComplete={autofill[field.name]}
          type={field.name === 'phone' ? 'tel' : 'text'}
          inputMode={field.name === 'phone' ? 'tel' : undefined}
          placeholder={field.name === 'phone' ? props.callingCode : field.example}
          dir={field.name === 'postcode' || field.name === 'phone' ? 'ltr' : 'auto'}
          value={draft[field.name] ?? ''}
          onChange={(value) => props.onChange({ ...draft, [field.name]: value })}
          onBlur={() => props.onLeave(field.name)}
          error={problemOf(field)}
          className={/^(city|postcode|region)$/.test(field.name) ? undefined : 'form-wide'}
          maxLength={200}
        />
      ))}
    </div>
  )
}
