/**
 * react-aria puts a style element into the page unless an element with this id is there. The Content-Security-Policy forbids
 * inline styles, and base.css holds the one rule it would add.
 */
const id = 'react-aria-pressable-style'
if (!document.getElementById(id)) {
  const mark = document.createElement('meta')
  mark.id = id
  document.head.append(mark)
}
