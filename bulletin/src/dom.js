// Elements, made without markup: whatever a name or a reason holds stays text.
const SVG = 'http://www.w3.org/2000/svg'

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue
    if (name === 'on') for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false))
  return element
}
export const h = (name, attributes, ...children) => fill(document.createElement(name), attributes, children)
export const s = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children)
export const byId = (id) => document.getElementById(id)

// A name or reason of the map's own, whichever way it is written.
export const own = (text, lang) => h('bdi', { lang }, text)
// The same inside a sentence: what turns the direction of writing stays within (FSI and PDI).
export const apart = (text) => `\u2068${text}\u2069`
