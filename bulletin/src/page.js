// Puts the page together and keeps its parts in step: language, day, chosen zone.
import { about, changesOn, countTiers, days, last, published, reading, reasonIn, runOf, tierOn, tiersOn, unknown, zoneOn, zones } from './data.js'
import { drawCurves, drawTrend } from './charts.js'
import { apart, byId, h, own } from './dom.js'
import { searchIndex } from './fold.js'
import { afterPrint, beforePrint, drawMap, goTo, mark, paint } from './map.js'
import { completeness, drawChanges, drawPolicy, drawQuality, drawReporting, drawStamp, drawWards, drawWatch } from './tables.js'
import { badge, label, placeSwatches, short, swatch } from './tiers.js'
import { daysBetween, longDay, moment, number, percent, shortDay, signed, state, t } from './text.js'

let index = last
let picked = null
let timer = null
let printing = false
let known = null
function find(query) {
  known ??= searchIndex(zones.map((zone) => ({ name: zone.name, code: zone.code, parent: zone.parent?.name })))
  return known(query)
}
const noun = () => t('noun', zones[days[index].zone[0]]?.level)
const section = (name, head, body) => {
  byId(`${name}-head`).textContent = head
  byId(name).querySelector('.body').replaceChildren(...body.filter(Boolean))
}

function drawSummary() {
  const counts = countTiers(index)
  const before = index > 0 ? countTiers(index - 1) : null
  const all = days[index].zone.length
  const tiers = tiersOn(index)
  const delta = (tier) => before && before.has(tier.tier) ? counts.get(tier.tier) - before.get(tier.tier) : null
  const worst = tiers[tiers.length - 1]
  const changes = changesOn(index)
  byId('lead').textContent = t('lead', {
    day: shortDay(days[index].day), worst: number(counts.get(worst.tier)), all: number(all), noun: noun(), brief: t('brief', zones[days[index].zone[0]]?.level), label: apart(short(worst)), delta: delta(worst),
    best: number(counts.get(tiers[0].tier)), bestLabel: apart(short(tiers[0])), bestDelta: delta(tiers[0]),
    worse: changes && number(changes.worse.length), better: changes && number(changes.better.length), unknown: counts.get('unknown') || null
  })
  const shown = [...tiers].reverse()
  if (counts.get('unknown')) shown.push(unknown)
  byId('tiers').replaceChildren(...shown.map((tier) => h('li', { 'data-tier': tier.tier },
    swatch(tier, 40),
    h('span', { class: 'count' }, number(counts.get(tier.tier))),
    h('span', { class: 'share' }, percent(counts.get(tier.tier), all), delta(tier) === null ? null : h('span', { class: 'delta', title: t('than') }, ` ${signed(delta(tier))}`)),
    h('span', { class: 'tier-vi', lang: 'vi' }, h('bdi', {}, label(tier, 'vi'))),
    h('span', { class: 'tier-en', lang: 'en' }, h('bdi', {}, label(tier, 'en'))))))
}

function strip(place) {
  const cells = days.map((day) => {
    const same = zoneOn(day.index, place)
    return same === null ? null : tierOn(day.index, same)
  })
  return h('div', { class: 'strip', role: 'img', 'aria-label': `${t('strip', days.length)}: ${cells.map((tier, i) => (i === 0 || tier !== cells[i - 1]) && tier ? `${shortDay(days[i].day)} ${apart(short(tier))}` : '').filter(Boolean).join(', ')}` },
    cells.map((tier, i) => h('span', { class: i === index ? 'now' : null, title: tier ? `${shortDay(days[i].day)}: ${label(tier)}` : shortDay(days[i].day) }, tier ? swatch(tier, 16) : null)))
}

function drawCard() {
  const card = byId('card')
  const place = picked === null ? null : zoneOn(index, picked)
  mark(place, true)
  if (place === null) {
    card.replaceChildren(h('p', { class: 'quiet' }, t(about.public ? 'pickPublic' : 'pick', noun())))
    return
  }
  if (about.public) {
    card.replaceChildren(...publicCard(place))
    return
  }
  const zone = zones[place]
  const { tier, cases, households, rate, last: ago, until, since, reasons } = reading(index, place)
  const [reason, lang] = reasonIn(state.lang, reasons)
  const run = runOf(index, place)
  // recorded assessments know of earlier days than the slider, but may be few
  const from = !run.open ? run.first : since && since < run.first ? since : null
  const item = (name, value) => [h('dt', {}, name), h('dd', {}, value)]
  card.replaceChildren(
    h('p', { class: 'card-tier' }, swatch(tier, 30), h('strong', {}, h('bdi', {}, label(tier)))),
    h('h3', {}, h('bdi', {}, zone.name)),
    h('p', { class: 'card-reason' }, own(reason, lang)),
    h('dl', {}, item(t('cases'), number(cases)), item(t('households'), number(households)),
      item(t('last'), ago === null ? t('never') : t('lastDays', ago)), item(t('rate'), number(rate, 0)),
      item(t('population'), number(zone.population)), item(t('allHouseholds'), number(zone.households)),
      item(t('since'), from ? t('sinceDays', shortDay(from), daysBetween(from, days[index].day) + 1) : t('sinceBefore', run.days)),
      until ? item(t('until'), shortDay(until)) : null, item(t('code'), h('bdi', {}, zone.code))),
    h('p', { class: 'strip-title' }, t('strip', days.length)), strip(place))
}

// What the public is told of a zone: its tier, since when and until when, and a class of counts where one was published.
function publicCard(place) {
  const zone = zones[place]
  const { tier, since, validUntil } = reading(index, place)
  const count = index === last ? published?.zones.get(place) : null
  const item = (name, value) => [h('dt', {}, name), h('dd', {}, value)]
  return [
    h('p', { class: 'card-tier' }, swatch(tier, 30), h('strong', {}, h('bdi', {}, label(tier)))),
    h('h3', {}, h('bdi', {}, zone.name)),
    h('dl', {}, since ? item(t('since'), t('sinceDays', shortDay(since), daysBetween(since, days[index].day) + 1)) : null,
      item(t('validUntil'), validUntil ? shortDay(validUntil) : t('nextAnnouncement')),
      count ? item(t('countOf', shortDay(published.from), shortDay(published.until)), t('countClass', number(count[0]), count[1] === null ? null : number(count[1]))) : null,
      item(t('code'), h('bdi', {}, zone.code))),
    h('p', { class: 'strip-title' }, t('strip', days.length)), strip(place)]
}

function pick(place, byKeyboard) {
  picked = place
  drawCard()
  if (place !== null && !byKeyboard && document.activeElement?.closest('section:not(#where)')) {
    goTo(place)
    byId('where').scrollIntoView({ block: 'start' })
    byId('map').querySelector('svg').focus({ preventScroll: true })
  }
}

// Every sheet of paper says of what day it is: sheets get separated, and pictures of them go round.
let foot = null
function drawPageFoot() {
  const text = (said) => `"${[...said].map((c) => (/[\p{L}\p{N} ,.–:/]/u.test(c) ? c : `\\${c.codePointAt(0).toString(16)} `)).join('')}"`
  const sheet = document.styleSheets[0]
  if (foot !== null) sheet.deleteRule(foot)
  const note = about.note ? ` ${about.note[state.lang]}` : ''
  const said = (about.public ? t('pageFootPublic', about.title[state.lang], shortDay(days[index].day))
    : t('pageFoot', about.title[state.lang], shortDay(days[index].day), moment(about.computed_at))) + note
  foot = sheet.insertRule(`@page { @bottom-left { content: ${text(said)}; font: 7pt Bulletin, sans-serif; color: #55606e; width: 90% } @bottom-right { white-space: nowrap; content: counter(page) " / " counter(pages); font: 7pt Bulletin, sans-serif; color: #55606e } }`, sheet.cssRules.length)
}

// While the slider moves the tables wait until it rests.
let waiting = null
function drawDay(moving) {
  const day = days[index]
  paint(index)
  byId('where-head').textContent = `${t('where')}, ${shortDay(day.day)}`
  byId('day-shown').replaceChildren(h('strong', {}, longDay(day.day)), h('small', {}, index === last ? t('today') : about.public ? t('shownThen') : day.recorded ? t('recorded', moment(day.recorded)) : t('computed')))
  const slider = byId('day')
  slider.value = index
  slider.setAttribute('aria-valuetext', longDay(day.day))
  byId('trend').replaceChildren(drawTrend(index))
  byId('stamp').replaceChildren(...drawStamp(index))
  byId('date').textContent = longDay(day.day)
  drawSummary()
  drawCard()
  clearTimeout(waiting)
  if (moving) waiting = setTimeout(drawTables, 150)
  else drawTables()
}

function drawTables() {
  const day = days[index]
  const room = printing ? 720 : Math.max(280, byId('curves').clientWidth)
  drawPageFoot()
  section('changes', index > 0 ? t('changes', shortDay(days[index - 1].day)) : t('changes', '–'), drawChanges(index, pick))
  section('wards', t('wards', t('noun', zones[day.zone[0]]?.parent?.level)), drawWards(index))
  section('policy', t('policy'), drawPolicy(index))
  if (!about.public) section('curves', t('curves'), drawCurves(index, room, completeness))
}

function drawAll() {
  document.documentElement.lang = state.lang
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text)
  for (const button of document.querySelectorAll('[data-lang]')) button.setAttribute('aria-pressed', button.dataset.lang === state.lang)
  if (about.public) byId('map-hint').textContent = t('mapHintPublic')
  const watched = about.disease?.join(', ') ?? (about.layers > 1 ? about.layer : null)
  if (watched) document.querySelector('.kicker').append(' · ', h('bdi', {}, watched))
  byId('title').textContent = about.title[state.lang]
  document.title = `${about.title[state.lang]} – ${t('kicker')} ${shortDay(about.day)}`
  const note = byId('note')
  note.hidden = !about.note
  note.replaceChildren(about.note ? h('bdi', {}, about.note[state.lang]) : '')
  document.querySelector('label[for=search]').textContent = t('search', noun())
  byId('search').placeholder = t('searchHint')
  for (const [id, text] of [['zoom-in', 'zoomIn'], ['zoom-out', 'zoomOut'], ['zoom-all', 'zoomAll'], ['day', 'day']]) byId(id).setAttribute('aria-label', t(text))
  byId('day-first').textContent = shortDay(days[0].day)
  byId('day-last').textContent = shortDay(days[last].day)
  byId('play').textContent = timer ? t('pause') : t('play')
  if (about.public) {
    for (const name of ['curves', 'watch', 'reporting', 'quality']) byId(name).hidden = true
    byId('colophon').replaceChildren(h('p', {}, t('public')), h('p', {}, t('colophonPublic')))
    drawDay()
    return
  }
  section('watch', `${t('watch')}, ${shortDay(about.day)}`, drawWatch(pick))
  section('reporting', `${t('reporting')}, ${shortDay(about.day)}`, drawReporting())
  section('quality', t('quality'), drawQuality())
  byId('colophon').replaceChildren(h('p', {}, t('internal')),
    about.recorded ? h('p', {}, t('differs', about.recorded.differ, moment(about.recorded.known_at), noun())) : '', h('p', {}, t('colophon')))
  drawDay()
}

function search() {
  const input = byId('search')
  const list = byId('found')
  let active = -1
  let results = []
  const close = () => {
    list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
    active = -1
  }
  const choose = (place) => {
    input.value = zones[place].name
    close()
    byId('found-count').textContent = ''
    picked = place
    drawCard()
    goTo(place)
  }
  const show = () => {
    const places = find(input.value).filter((place) => days[index].at.has(place))
    results = places.slice(0, 8)
    active = -1
    list.replaceChildren(...results.map((place, i) => h('li', {
      role: 'option', id: `found-${i}`, 'aria-selected': 'false',
      on: { pointerdown: (event) => event.preventDefault(), click: () => choose(place) }
    }, swatch(tierOn(index, place)), h('bdi', {}, zones[place].name))))
    list.hidden = !results.length
    input.setAttribute('aria-expanded', String(!list.hidden))
    input.removeAttribute('aria-activedescendant')
    byId('found-count').textContent = input.value.trim() ? t('found', results.length, places.length) : ''
  }
  input.addEventListener('input', show)
  input.addEventListener('focus', () => input.value && input.select())
  input.addEventListener('blur', close)
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (list.hidden) show()
      if (!results.length) return
      active = (active + (event.key === 'ArrowDown' ? 1 : -1) + results.length) % results.length
      ;[...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === active)))
      input.setAttribute('aria-activedescendant', `found-${active}`)
    } else if (event.key === 'Enter' && results.length) choose(results[Math.max(active, 0)])
    else if (event.key === 'Escape') {
      input.value = ''
      close()
    }
  })
}

function play() {
  if (timer) clearInterval(timer)
  timer = timer ? null : setInterval(() => {
    index = index === last ? 0 : index + 1
    drawDay(true)
    if (index === last) play()
  }, 700)
  byId('play').setAttribute('aria-pressed', String(Boolean(timer)))
  byId('play').textContent = timer ? t('pause') : t('play')
}

state.lang = about.lang === 'en' ? 'en' : 'vi'
placeSwatches()
drawMap(pick)
byId('day').max = last
byId('day').addEventListener('input', (event) => {
  index = Number(event.target.value)
  drawDay(true)
})
byId('play').addEventListener('click', play)
byId('print').addEventListener('click', () => print())
for (const button of document.querySelectorAll('[data-lang]')) {
  button.addEventListener('click', () => {
    state.lang = button.dataset.lang
    drawAll()
  })
}
search()
drawAll()
addEventListener('beforeprint', () => {
  printing = true
  beforePrint()
  drawDay()
})
addEventListener('afterprint', () => {
  printing = false
  afterPrint()
  drawDay()
})
let width = innerWidth
addEventListener('resize', () => {
  if (innerWidth === width || printing) return
  width = innerWidth
  drawDay()
})
document.documentElement.dataset.ready = 'true'
