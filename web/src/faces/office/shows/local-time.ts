const two = (value: number) => String(value).padStart(2, '0')

/** What an input of the kind `datetime-local` holds: the wall clock of this device, without a zone. */
export function toLocalTime(at: number): string {
  const day = new Date(at)
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${two(day.getHours())}:${two(day.getMinutes())}`
}

export function fromLocalTime(text: string): number | null {
  const at = text === '' ? Number.NaN : new Date(text).getTime()
  return Number.isFinite(at) ? at : null
}
