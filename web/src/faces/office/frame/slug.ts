const letters: Readonly<Record<string, string>> = Object.fromEntries(
  'а a|б b|в v|г g|ґ g|д d|е e|ё e|є ie|ж zh|з z|и i|і i|ї i|й i|к k|л l|м m|н n|о o|п p|р r|с s|т t|у u|ф f|х kh|ц ts|ч ch|ш sh|щ shch|ы y|э e|ю iu|я ia|ь |ъ |ß ss|æ ae|ø o|œ oe'
    .split('|')
    .map((pair) => pair.split(' ') as [string, string]),
)

/** A proposal for an address: `Орвик & Co` is `orvik-co`. Empty where no letter has a Latin one. */
export function slugOf(name: string): string {
  return [...name.toLowerCase()]
    .map((letter) => letters[letter] ?? letter)
    .join('')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/['’ʼ]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
    .replace(/-$/, '')
}
