// Tiers as people see them: colour, hatching and words together, so that none has to carry the meaning alone. Hatching is
// drawn as lines: a pattern fill would be a picture for each zone on paper, hundreds of megabytes.
import { policies, unknown } from './data.js'
import { h, s } from './dom.js'
import { state } from './text.js'

// By rung, the worse the denser: families of lines with angle in degrees, distance, width and dashes in pixels.
const HATCHING = [
  [],
  [{ angle: 45, pitch: 6, width: 1.5, dash: [0, 6] }],
  [{ angle: -45, pitch: 7, width: 0.8 }],
  [{ angle: 45, pitch: 4.5, width: 1 }],
  [{ angle: 45, pitch: 6, width: 1 }, { angle: -45, pitch: 6, width: 1 }],
  [{ angle: 0, pitch: 4, width: 1 }, { angle: 90, pitch: 4, width: 1 }]
]
const UNKNOWN = [{ angle: 0, pitch: 5, width: 1.2, dash: [4, 3] }]

const color = (tier) => (/^#[0-9a-f]{6}$/i.test(tier.color ?? '') ? tier.color : unknown.color)
const isDark = (rgb) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(rgb.slice(i, i + 2), 16))
  return 0.299 * r + 0.587 * g + 0.114 * b < 140
}
policies.forEach((policy, place) => policy.tiers.forEach((tier, position) => Object.assign(tier, {
  color: color(tier), key: `${place}-${position}`, hatching: HATCHING[tier.rank ?? Math.min(position, HATCHING.length - 1)]
})))
Object.assign(unknown, { key: 'unknown', hatching: UNKNOWN })
export const everyTier = [...policies.flatMap((policy) => policy.tiers), unknown]
const ink = (tier) => isDark(tier.color) ? { stroke: '#fff', 'stroke-opacity': 0.8 } : { stroke: '#1d2530', 'stroke-opacity': 0.5 }

// One family of lines across a box, cut at its sides; on the same raster whatever the box.
function lines([x0, y0, x1, y1], angle, pitch) {
  const [dx, dy] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]
  const across = [[x0, y0], [x1, y0], [x0, y1], [x1, y1]].map(([x, y]) => x * dy - y * dx)
  let d = ''
  for (let c = Math.ceil(Math.min(...across) / pitch) * pitch; c < Math.max(...across); c += pitch) {
    let [from, to] = [-Infinity, Infinity]
    for (const [at, step, low, high] of [[c * dy, dx, x0, x1], [-c * dx, dy, y0, y1]]) {
      if (Math.abs(step) < 1e-9) continue
      const [a, b] = [(low - at) / step, (high - at) / step]
      from = Math.max(from, Math.min(a, b))
      to = Math.min(to, Math.max(a, b))
    }
    if (to > from) d += `M${(c * dy + from * dx).toFixed(2)} ${(-c * dx + from * dy).toFixed(2)}L${(c * dy + to * dx).toFixed(2)} ${(-c * dx + to * dy).toFixed(2)}`
  }
  return d
}
export function hatch(tier, box, unit) {
  return tier.hatching.map(({ angle, pitch, width, dash }) => s('path', {
    d: lines(box, angle, pitch * unit), fill: 'none', 'stroke-width': width * unit, ...ink(tier),
    'stroke-dasharray': dash?.map((length) => length * unit), 'stroke-linecap': dash?.[0] === 0 ? 'round' : null
  }))
}

// One drawing of each tier, which every swatch of the page repeats.
export function placeSwatches() {
  document.body.append(s('svg', { class: 'defs', width: 0, height: 0, 'aria-hidden': 'true', focusable: 'false' },
    everyTier.map((tier) => s('symbol', { id: `tier-${tier.key}`, viewBox: '0 0 16 16' },
      s('rect', { width: 16, height: 16, fill: tier.color }), hatch(tier, [0, 0, 16, 16], 0.8),
      s('rect', { x: 0.5, y: 0.5, width: 15, height: 15, fill: 'none', stroke: '#1d2530', 'stroke-opacity': 0.6 })))))
}
export const swatch = (tier, size = 16) => s('svg', { class: 'swatch', width: size, height: size, 'aria-hidden': 'true', focusable: 'false' },
  s('use', { href: `#tier-${tier.key}` }))

export const label = (tier, lang = state.lang) => tier[lang] ?? tier.tier
// What stands before the dash: vùng đỏ, of vùng đỏ – nguy cơ rất cao.
export const short = (tier, lang = state.lang) => label(tier, lang).split(/ [–-] /)[0]
export const badge = (tier) => h('span', { class: 'badge' }, swatch(tier), h('bdi', {}, short(tier)))
