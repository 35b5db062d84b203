// The map: zones in their tiers, parents' borders and names, zoom, hover and the chosen zone.
import { geoPath } from 'd3-geo'
import { select } from 'd3-selection'
import { zoom, zoomIdentity } from 'd3-zoom'
import { about, days, parentMesh, parentShapes, parents, tierOn, zoneShapes, zones } from './data.js'
import { byId, h, s } from './dom.js'
import { everyTier, hatch, label } from './tiers.js'
import { number, t } from './text.js'

const WIDTH = 1000
let svg, world, zoneLayer, hatches, outline, halo, labels, lines, tooltip, behaviour, project, unit
let scale = 1
let shownSet = null
let centres = []
let onPick = () => {}
let picked = null
let focus = null

// Web map coordinates to a drawing 1000 wide, y downwards.
function fitted() {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const shape of zoneShapes) {
    const [[a, b], [c, d]] = geoPath().bounds(shape)
    if (Number.isFinite(a)) [x0, y0, x1, y1] = [Math.min(x0, a), Math.min(y0, b), Math.max(x1, c), Math.max(y1, d)]
  }
  const margin = 12
  const factor = Math.min((WIDTH - 2 * margin) / (x1 - x0 || 1), (1.15 * WIDTH - 2 * margin) / (y1 - y0 || 1))
  const width = (x1 - x0) * factor + 2 * margin
  const left = (WIDTH - width) / 2 + margin
  const height = (y1 - y0) * factor + 2 * margin
  const latitude = about.planar ? 0 : 2 * Math.atan(Math.exp((y0 + y1) / 2 / 6378137)) - Math.PI / 2
  return {
    height: Math.round(height), metre: factor / Math.cos(latitude),
    stream: (output) => ({
      point: (x, y) => output.point(left + (x - x0) * factor, height - margin - (y - y0) * factor),
      lineStart: () => output.lineStart(), lineEnd: () => output.lineEnd(),
      polygonStart: () => output.polygonStart(), polygonEnd: () => output.polygonEnd(), sphere: () => {}
    })
  }
}

export function drawMap(pick) {
  onPick = pick
  project = fitted()
  const path = geoPath(project).digits(2)
  centres = zoneShapes.map((shape) => path.centroid(shape))
  zoneLayer = s('g', { class: 'zones' })
  zoneShapes.forEach((shape, place) => zoneLayer.append(s('path', { d: path(shape) ?? '', 'data-place': place, 'data-code': zones[place].code })))
  // each tier's hatching is one set of lines, seen through the outline of all its zones
  const clips = everyTier.map((tier) => s('clipPath', { id: `clip-${tier.key}` }, s('path', {})))
  hatches = everyTier.map((tier) => s('g', { class: 'hatch', 'clip-path': `url(#clip-${tier.key})` }))
  lines = s('path', { class: 'borders' })
  halo = s('path', { class: 'picked-halo' })
  outline = s('path', { class: 'picked' })
  labels = s('g', { class: 'names', 'aria-hidden': 'true' })
  world = s('g', {}, s('defs', {}, clips), zoneLayer, hatches, lines, halo, outline, labels)
  unit = s('g', { class: 'scale', 'aria-hidden': 'true' })
  svg = s('svg', { viewBox: `0 0 ${WIDTH} ${project.height}`, tabindex: 0, role: 'application', 'aria-roledescription': 'map' }, world, unit)
  tooltip = h('div', { class: 'tooltip', hidden: true, 'aria-hidden': 'true' })
  byId('map').append(svg, tooltip)

  behaviour = zoom().scaleExtent([1, 16]).translateExtent([[0, 0], [WIDTH, project.height]]).clickDistance(4)
    .filter((event) => event.type === 'wheel' ? event.ctrlKey || event.metaKey
      : event.type.startsWith('touch') ? event.touches.length > 1 || scale > 1 : !event.button && event.type !== 'dblclick')
    .on('zoom', ({ transform }) => {
      scale = transform.k
      world.setAttribute('transform', transform)
      svg.classList.toggle('zoomed', scale > 1)
      resize()
    })
  select(svg).call(behaviour)
  const by = (factor) => select(svg).call(behaviour.scaleBy, factor)
  byId('zoom-in').addEventListener('click', () => by(1.6))
  byId('zoom-out').addEventListener('click', () => by(1 / 1.6))
  byId('zoom-all').addEventListener('click', () => select(svg).call(behaviour.transform, zoomIdentity))

  const placeOf = (event) => event.target.dataset?.place === undefined ? null : Number(event.target.dataset.place)
  svg.addEventListener('click', (event) => onPick(placeOf(event)))
  svg.addEventListener('pointermove', (event) => hover(event.pointerType === 'mouse' ? placeOf(event) : null, event))
  svg.addEventListener('pointerleave', () => hover(null))
  svg.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (move) step(move)
    else if (event.key === '+' || event.key === '=') by(1.6)
    else if (event.key === '-') by(1 / 1.6)
    else if (event.key === '0') select(svg).call(behaviour.transform, zoomIdentity)
    else if (event.key === 'Escape') onPick(null)
    else return
    event.preventDefault()
  })
  addEventListener('resize', resize)
}

// What keeps its size on the screen whatever the zoom.
function resize() {
  const pixel = Math.min(1.8, WIDTH / (svg.clientWidth || WIDTH))
  const { x, y } = select(svg).property('__zoom') ?? zoomIdentity
  const view = [-x / scale, -y / scale, (WIDTH - x) / scale, (project.height - y) / scale]
  everyTier.forEach((tier, i) => hatches[i].replaceChildren(...hatch(tier, view, Math.max(0.9, pixel) / scale)))
  world.style.setProperty('--line', pixel / scale)
  for (const name of labels.children) name.setAttribute('font-size', (15 * pixel) / scale)
  drawScale(pixel)
}

function drawScale(pixel) {
  unit.replaceChildren()
  if (about.planar) return
  const perMetre = project.metre * scale
  const wished = (110 * pixel) / perMetre
  const power = 10 ** Math.floor(Math.log10(wished))
  const metres = [5, 2, 1].map((m) => m * power).find((m) => m <= wished) ?? power
  const long = metres * perMetre
  const y = project.height - 8 * pixel
  unit.append(s('path', { d: `M12 ${y - 5 * pixel}V${y}H${12 + long}V${y - 5 * pixel}`, 'stroke-width': 1.5 * pixel }),
    s('text', { x: 12 + long / 2, y: y - 6 * pixel, 'font-size': 11 * pixel }, metres >= 1000 ? `${number(metres / 1000)} km` : `${number(metres)} m`))
}

// The zone whose centre lies nearest in a direction; the worse aligned it is, the farther it counts.
function step([dx, dy]) {
  const from = focus ?? picked ?? null
  const candidates = days[current].zone
  if (from === null || !days[current].at.has(from)) {
    onPick(candidates[0], true)
    return
  }
  const [x, y] = centres[from]
  let best = null
  let least = Infinity
  for (const place of candidates) {
    const [cx, cy] = centres[place]
    const along = (cx - x) * dx + (cy - y) * dy
    const aside = Math.abs((cx - x) * dy) + Math.abs((cy - y) * dx)
    if (place === from || along <= 0 || aside > along * 2) continue
    const cost = along + 2 * aside
    if (cost < least) [best, least] = [place, cost]
  }
  if (best !== null) onPick(best, true)
}

let current = 0
export function paint(index) {
  current = index
  const day = days[index]
  const outlines = new Map(everyTier.map((tier) => [tier, '']))
  for (const element of zoneLayer.children) {
    const tier = tierOn(index, Number(element.dataset.place))
    element.style.display = tier ? '' : 'none'
    if (!tier) continue
    element.setAttribute('fill', tier.color)
    element.setAttribute('data-tier', tier.tier)
    outlines.set(tier, outlines.get(tier) + element.getAttribute('d'))
  }
  for (const [tier, d] of outlines) world.querySelector(`#clip-${tier.key} path`).setAttribute('d', d)
  if (day.set !== shownSet) {
    shownSet = day.set
    const path = geoPath(project).digits(2)
    lines.setAttribute('d', path(parentMesh(shownSet)) ?? '')
    labels.replaceChildren(...parents.filter((parent) => parent.set === shownSet && parentShapes[parent.place].geometry && isAbove(parent))
      .map((parent) => {
        const [x, y] = path.centroid(parentShapes[parent.place])
        return s('text', { x, y }, parent.name.replace(/^(phường|xã|thị trấn|quận|huyện|ward|district) (?=\p{L})/iu, ''))
      }))
  }
  svg.setAttribute('aria-label', t('mapLabel'))
  resize()
}
// The level right above the zones has its names on the map; a district over wards has not.
const isAbove = (parent) => zones.some((zone) => zone.parent === parent)

export function mark(place, into) {
  picked = focus = place
  const path = geoPath(project).digits(2)
  const d = place === null ? '' : path(zoneShapes[place])
  outline.setAttribute('d', d)
  halo.setAttribute('d', d)
  if (place !== null && into && scale > 1) select(svg).call(behaviour.translateTo, ...centres[place])
}
export function goTo(place) {
  select(svg).call(behaviour.transform, zoomIdentity)
  select(svg).call(behaviour.scaleTo, 3)
  select(svg).call(behaviour.translateTo, ...centres[place])
}

function hover(place, event) {
  tooltip.hidden = place === null
  if (place === null) return
  const tier = tierOn(current, place)
  tooltip.replaceChildren(h('strong', {}, h('bdi', {}, zones[place].name)), h('span', {}, label(tier)))
  const box = byId('map').getBoundingClientRect()
  const x = event.clientX - box.left
  tooltip.style.left = `${Math.min(Math.max(x, 110), box.width - 110)}px`
  tooltip.style.top = `${event.clientY - box.top}px`
}

// On paper the whole map, whatever is zoomed on the screen.
let kept = null
export function beforePrint() {
  kept = select(svg).property('__zoom')
  select(svg).call(behaviour.transform, zoomIdentity)
}
export function afterPrint() {
  if (kept) select(svg).call(behaviour.transform, kept)
}
