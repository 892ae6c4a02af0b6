export type Theme = 'system' | 'dark' | 'light'

const storageKey = 'efir.theme'

export function readTheme(): Theme {
  const kept = localStorage.getItem(storageKey)
  return kept === 'dark' || kept === 'light' ? kept : 'system'
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, theme)
  apply(theme)
}

export const startTheme = (): void => apply(readTheme())
