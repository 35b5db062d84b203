// Opens the bulletin as people do: without a network, with mouse or keyboard, on a phone and on paper.
//   [ONLY=words of a test's name] node check.mjs FOLDER; FOLDER holds the pages and what they have to show, and gets the pictures
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const folder = path.resolve(process.argv[2])
const need = createRequire(path.join(folder, '../bulletin/package.json'))
const { chromium } = need('playwright-core')
const axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8')
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8'))
const digits = (text) => Number(text.replace(/[^\d]/g, ''))

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: process.getuid() === 0 ? ['--no-sandbox'] : []
})
const noise = []
async function open(name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, offline: true, ...options })
  context.setDefaultTimeout(180000) // a busy machine is no fault
  const page = await context.newPage()
  const url = `file://${folder}/${name}.html`
  const say = (kind, text) => noise.push(`${name}: ${kind}: ${text}`)
  page.on('console', (message) => say('console', message.text()))
  page.on('pageerror', (error) => say('error', error.stack))
  page.on('dialog', (dialog) => { say('dialog', dialog.message()); dialog.dismiss() })
  page.on('request', (request) => { if (request.url() !== url && !request.url().startsWith('data:')) say('request', request.url()) })
  const started = Date.now()
  await page.goto(url)
  await page.waitForSelector('html[data-ready]', { state: 'attached' })
  return { page, context, ready: Date.now() - started }
}
const quiet = () => assert.deepEqual(noise.splice(0), [])
const passed = []
async function test(name, body) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) return
  const started = Date.now()
  try {
    await body()
    quiet()
  } catch (error) {
    console.error(`bulletin: FAILED: ${name}`)
    throw error
  }
  passed.push(name)
  if (process.env.TIMES) console.log(`${Date.now() - started} ms: ${name}`)
}

const colours = (page) => page.$$eval('#map .zones path', (paths) => Object.fromEntries(paths
  .filter((p) => getComputedStyle(p).display !== 'none')
  .map((p) => [p.dataset.code, [p.dataset.tier, p.getAttribute('fill')]])))
const goToDay = (page, back) => page.$eval('#day', (slider, days) => {
  slider.value = Number(slider.max) - days
  slider.dispatchEvent(new Event('input', { bubbles: true }))
}, back)
const clickZone = async (page, code) => {
  const zone = page.locator(`#map .zones path[data-code=${JSON.stringify(code)}]:visible`)
  await zone.scrollIntoViewIfNeeded()
  // a point inside, whatever the shape
  const at = await zone.evaluate((p) => {
    const box = p.getBBox()
    const point = p.ownerSVGElement.createSVGPoint()
    for (let i = 1; i < 400; i++) {
      point.x = box.x + box.width * ((i * 0.7548776662) % 1)
      point.y = box.y + box.height * ((i * 0.5698402910) % 1)
      if (!p.isPointInFill(point)) continue
      const { x, y } = point.matrixTransform(p.getScreenCTM())
      if (document.elementFromPoint(x, y) === p) return { x, y }
    }
  })
  await page.mouse.click(at.x, at.y)
}
const search = async (page, text) => {
  await page.fill('#search', text)
  return page.$$eval('#found li', (items) => items.map((item) => item.textContent))
}

const { page, context, ready } = await open('district1')

await test('all groups have the colours of the view, the view of the page that of the policy', async () => {
  assert.deepEqual(await colours(page), expected.days['2021-09-06'])
  assert.equal(Object.keys(await colours(page)).length, 874)
  const seen = await page.$$eval('#map .zones path', (paths) => paths.every((p) => {
    if (getComputedStyle(p).display === 'none') return true
    const { width, height } = p.getBoundingClientRect()
    return width > 0 && height > 0
  }))
  assert.ok(seen)
})

await test('the numbers are those of tier_summary, parent_risk, green_zone_watch, zone_day, data_quality and zone_reporting', async () => {
  const tiles = await page.$$eval('#tiers li', (items) => items.map((item) => [item.dataset.tier, item.querySelector('.count').textContent]))
  for (const [tier, count] of tiles) assert.equal(digits(count), expected.summary[tier], tier)
  const rows = await page.$$eval('#wards tbody tr', (items) => items.map((row) => [...row.children].map((cell) => cell.textContent)))
  for (const [ward, ...cells] of rows.slice(0, -1)) {
    const [zones, green, nearGreen, yellow, orange, red, ...rest] = cells.map((cell) => (cell === '·' ? 0 : digits(cell)))
    const [, cases, households, population] = expected.summary.unknown ? rest.slice(1) : rest
    assert.deepEqual([zones, green, nearGreen, yellow, orange, red, cases, households, population], expected.wards[ward], ward)
  }
  assert.equal(rows.length - 1, Object.keys(expected.wards).length)
  const received = await page.$$eval('#quality tbody tr.total td', (cells) => cells.map((cell) => cell.textContent))
  const [all, , placed, replaced, unplaced, rejected] = received.map(digits)
  assert.equal(all, expected.received)
  assert.equal(placed + replaced + unplaced + rejected, all)
  const late = await page.$$eval('#reporting tbody tr', (items) => items.map((row) => [row.cells[0].textContent, row.cells[1].textContent]))
  assert.deepEqual(Object.fromEntries(late), expected.late)
  assert.equal(digits(await page.textContent('#changes h3.worse')), expected.worse)
  assert.equal(digits(await page.textContent('#changes h3.better')), expected.better)
  assert.equal(await page.locator('#watch tbody tr').count(), expected.threatened)
  assert.match(await page.getAttribute('#curves .wide svg', 'aria-label'), new RegExp(`^Toàn bộ: ${new Intl.NumberFormat('vi-VN').format(expected.total)} ca`))
})

await test('a click on any group shows its reason and numbers', async () => {
  for (const code of ['26740-005', '26734-001', '26761-091', '26758-120']) {
    await clickZone(page, code)
    const [name, reason, cases, households] = expected.reasons[code]
    assert.equal(await page.textContent('#card h3'), name)
    assert.equal(await page.textContent('.card-reason'), reason)
    const numbers = await page.$$eval('#card dd', (items) => items.slice(0, 2).map((item) => Number(item.textContent)))
    assert.deepEqual(numbers, [cases, households])
  }
})

await test('the slider shows each day in the colours that were recorded, or else are computed now', async () => {
  for (const [day, back] of [['2021-08-10', 27], ['2021-08-20', 17], ['2021-09-01', 5], ['2021-09-03', 3], ['2021-09-05', 1], ['2021-09-06', 0]]) {
    await goToDay(page, back)
    assert.deepEqual(await colours(page), expected.days[day], day)
    const said = await page.textContent('#day-shown small')
    assert.match(said, { '2021-08-20': /đã ghi nhận/, '2021-09-05': /đã ghi nhận/, '2021-09-06': /ngày của bản tin/ }[day] ?? /số liệu hiện có/)
  }
})

await test('search finds a group by any spelling', async () => {
  for (const text of ['Tổ dân phố 5, phường Bến Nghé', 'tdp 5 p bến nghé', 'TDP 05 P. BEN NGHE', 'to 5 ben nghe', 'tổ 5 bến nghé quận 1', '5 Ben Nghé',
    'bennghe 5', 'to5 p.bennghe', 'Tổ dân phố 5, phường Bến Nghé'.normalize('NFD'), '26740-005', '26740 5', 'phường bến nghé tổ 5']) {
    assert.equal((await search(page, text))[0], 'Tổ dân phố 5, phường Bến Nghé', text)
  }
  assert.equal((await search(page, 'cau ong lanh 12'))[0], 'Tổ dân phố 12, phường Cầu Ông Lãnh')
  assert.equal((await search(page, 'đa kao'))[0], 'Tổ dân phố 1, phường Đa Kao')
  assert.deepEqual(await search(page, 'no such place'), [])
  assert.equal(await page.textContent('#found-count'), 'Không tìm thấy')
  await page.fill('#search', '')
})

await test('everything can be done with the keyboard alone', async () => {
  const { page, context: own } = await open('district1')
  const focus = () => page.evaluate(() => {
    const { activeElement: e } = document
    return { what: e.id || e.dataset.lang || e.tagName.toLowerCase(), seen: getComputedStyle(e).outlineStyle !== 'none' }
  })
  const tabTo = async (what) => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab')
      const at = await focus()
      assert.ok(at.seen, `${at.what} does not show that it has the focus`)
      if (at.what === what) return
    }
    assert.fail(`${what} cannot be reached`)
  }
  await tabTo('en')
  await page.keyboard.press('Enter')
  assert.match(await page.textContent('#where-head'), /Risk map/)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await tabTo('svg')
  await page.keyboard.press('ArrowRight')
  const first = await page.textContent('#card h3')
  await page.keyboard.press('ArrowDown')
  assert.notEqual(await page.textContent('#card h3'), first)
  await page.keyboard.press('Escape')
  assert.equal(await page.locator('#card h3').count(), 0)
  await tabTo('search')
  await page.keyboard.type('tdp 7 p co giang')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.getAttribute('#search', 'aria-activedescendant'), 'found-0')
  await page.keyboard.press('Enter')
  assert.equal(await page.textContent('#card h3'), 'Tổ dân phố 7, phường Cô Giang')
  await tabTo('day')
  await page.keyboard.press('ArrowLeft')
  assert.deepEqual(await colours(page), expected.days['2021-09-05'])
  await own.close()
})

await test('in English everything is, but for names', async () => {
  await clickZone(page, '26740-005')
  await page.click('[data-lang=en]')
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
  assert.match(await page.textContent('.card-reason'), /household|day with cases/)
  const text = await page.evaluate(() => document.body.innerText)
  for (const word of ['Hộ có ca', 'Thay đổi', 'Ca mắc', 'Bản tin']) assert.ok(!text.includes(word), word)
  const legend = await page.$$eval('#tiers li', (items) => items.map((item) => [item.querySelector('.tier-vi').textContent, item.querySelector('.tier-en').textContent]))
  assert.deepEqual(legend[0], ['vùng đỏ – nguy cơ rất cao', 'red – very high risk'])
  await page.screenshot({ path: `${folder}/english.png` })
  await page.click('[data-lang=vi]')
})

await test('tiers are told apart without colours', async () => {
  const looks = await page.$$eval('.defs symbol', (symbols) => symbols.map((symbol) => symbol.innerHTML.replace(/#[0-9a-f]{3,6}/gi, '').replace(/stroke-opacity="[\d.]+"/g, '')))
  assert.equal(new Set(looks).size, looks.length)
  const hatched = await page.$$eval('#map .hatch', (groups) => groups.filter((group) => group.querySelector('path')).length)
  assert.equal(hatched, looks.length - 1)
})

await test('nothing can be asked for, and nothing but this script runs', async () => {
  const violations = await page.evaluate(async () => {
    const seen = []
    addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective))
    await fetch('https://example.org/').catch(() => {})
    const image = new Image()
    image.src = 'https://example.org/x.png'
    const script = document.createElement('script')
    script.textContent = 'window.ran = true'
    document.body.append(script)
    script.remove()
    await new Promise((resolve) => setTimeout(resolve, 50))
    return [seen.sort().join(' '), window.ran]
  })
  assert.deepEqual(violations, ['connect-src img-src script-src-elem', undefined])
  noise.splice(0) // the browser says so on the console
})

await test('no serious finding of axe-core', async () => {
  // contrast, which takes longest, is the same on a phone
  const phone = { viewport: { width: 390, height: 844 } }
  for (const [name, options, rules] of [['district1', {}, {}], ['district1', phone, { 'color-contrast': { enabled: false } }], ['hostile', {}, {}]]) {
    const { page: scanned, context: own } = await open(name, options)
    await scanned.evaluate(axe)
    await scanned.fill('#search', 'a')
    const { violations } = await scanned.evaluate((chosen) => window.axe.run({ rules: chosen }), rules)
    assert.deepEqual(violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(' ')}`), [])
    await own.close()
  }
})

await test('hostile texts stay texts', async () => {
  const { page: hostile, context: own } = await open('hostile')
  const scripts = await hostile.$$eval('script', (items) => items.length)
  assert.equal(scripts, 2)
  assert.equal(await hostile.$$eval('img, [onload], [onerror], [onclick]', (items) => items.length), 0)
  const names = ['</script><script>alert(3)</script>', 'مجموعة "١" <b>', '🦟🏥 tổ ‮5', '\u2028line\u2029 {{data}} \\u003c', '<img src=x onerror=alert(4)>']
  for (const [i, name] of names.entries()) {
    await clickZone(hostile, `<${i + 1}>&amp;"'`)
    assert.equal(await hostile.textContent('#card h3'), name)
    assert.equal(await hostile.locator('#card h3 bdi').count(), 1)
  }
  assert.match(await hostile.textContent('#reporting'), /<script>alert\(7\)<\/script>/)
  assert.match(await hostile.textContent('#lead'), /\u2068\u202eact <!-- now\u2069/)
  assert.match(await hostile.textContent('#policy'), /<\/script><script>alert\(1\)<\/script>/)
  // the zones of each day are those of its own zone set
  assert.equal(Object.keys(await colours(hostile)).length, 5)
  await goToDay(hostile, 5)
  assert.equal(Object.keys(await colours(hostile)).length, 5)
  await hostile.locator('#changes .remark', { hasText: '0 places are new, 1 are gone' }).waitFor()
  await goToDay(hostile, 6)
  assert.equal(Object.keys(await colours(hostile)).length, 6)
  await own.close()
})

await test('who may only read gets the reasons in the map\'s language, and they say so', async () => {
  const { page: reader, context: own } = await open('reader')
  await reader.click('[data-lang=vi]')
  await clickZone(reader, '<1>&amp;"\'')
  assert.equal(await reader.getAttribute('.card-reason bdi', 'lang'), 'en')
  await own.close()
})

await test('a layer has its own page, and so has an earlier day', async () => {
  const { page: layer, context: own } = await open('layer')
  assert.equal(await layer.textContent('.kicker'), 'Epidemic risk bulletin · <i>dengue')
  const legend = await layer.$$eval('#tiers li', (items) => items.map((item) => item.dataset.tier))
  assert.deepEqual(legend, ['red', 'orange', 'yellow', 'green', 'unknown'])
  // nobody has reported for weeks: by this rule that matters
  assert.deepEqual((await colours(layer))['<1>&amp;"\''], ['unknown', '#bdbdbd'])
  await own.close()
  const { page: earlier, context: other } = await open('earlier')
  assert.deepEqual(await colours(earlier), expected.days['2021-08-20'])
  assert.equal(await earlier.getAttribute('#day', 'max'), '6')
  assert.match(await earlier.textContent('#stamp'), /20\/08\/2021/)
  await other.close()
})

await test('the public sees what was announced, since when and until when, and no number and no reason', async () => {
  const shown = JSON.parse(readFileSync(`${folder}/public.json`, 'utf8'))
  const { page: open_, context: own } = await open('public')
  assert.deepEqual(await colours(open_), Object.fromEntries(Object.entries(shown).map(([code, [tier, color]]) => [code, [tier, color]])))
  await open_.click('[data-lang=en]')
  for (const section of ['curves', 'watch', 'reporting', 'quality']) assert.ok(await open_.locator(`#${section}`).isHidden())
  await clickZone(open_, '26740-005')
  const card = await open_.$$eval('#card dl > *', (items) => items.map((item) => item.textContent))
  assert.deepEqual(card, ['This colour', 'since 08/09/2021 (1 day)', 'Valid until', '12/09/2021', 'Code', '26740-005'])
  const heads = await open_.$$eval('main thead th', (cells) => cells.map((cell) => cell.textContent))
  assert.ok(heads.length > 5 && !heads.some((head) => /cases|households|why|population/i.test(head)), heads.join())
  assert.deepEqual(await open_.$$eval('#changes tbody tr', (rows) => rows.map((row) => row.lastChild.textContent)), ['08/09/2021'])
  const held = JSON.parse(await open_.textContent('#data'))
  assert.deepEqual([held.reasons, held.curves, held.watch, held.sources, held.reporting, held.quality], [[], [], [], [], [], []])
  assert.ok(held.days.every((day) => !day.cases && !day.households && !day.rate && !day.last))
  assert.ok(!/undefined|NaN|null/.test(await open_.textContent('main')))
  await open_.screenshot({ path: `${folder}/public.png`, fullPage: true })
  await own.close()
})

await test('pictures of the screen, the phone and the papers', async () => {
  await page.evaluate(() => scrollTo(0, 0))
  await page.mouse.move(0, 0)
  await page.screenshot({ path: `${folder}/desktop.png` })
  await page.screenshot({ path: `${folder}/desktop-whole.png`, fullPage: true })
  const { page: phone, context: own } = await open('district1', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true })
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390)
  await phone.screenshot({ path: `${folder}/phone.png`, fullPage: true })
  await own.close()
  for (const format of ['A4', 'A3']) {
    const file = `${folder}/${format.toLowerCase()}.pdf`
    await page.pdf({ path: file, format, printBackground: true })
    assert.ok(statSync(file).size < 10e6, `${file} is too large to mail`)
  }
})

assert.ok(statSync(`${folder}/district1.html`).size < 5e6)
await context.close()
await browser.close()
console.log(`bulletin: ${passed.length} passed; ${(statSync(`${folder}/district1.html`).size / 1e6).toFixed(1)} MB, ready ${ready} ms after it was opened`)
