/** Midnight of this device's calendar, `back` days ago; summer time makes some days longer than others. */
export function dayStart(at: number, back = 0): number {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - back).getTime()
}

/** The beginnings of the last `count` days, oldest first, today last. */
export const lastDays = (at: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => dayStart(at, count - 1 - index))

/** Sums by day; what lies before the first day is left out. */
export function sumsByDay(days: readonly number[], rows: readonly { readonly at: number; readonly amount: number }[]): number[] {
  const sums = days.map(() => 0)
  for (const { at, amount } of rows) {
    const index = days.findLastIndex((start) => start <= at)
    if (index >= 0) sums[index] = (sums[index] ?? 0) + amount
  }
  return sums
}
