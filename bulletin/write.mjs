// Writes the page: the lines of JSON that bulletin.sql gives, packed, into page.html, with its script and style.
//   node write.mjs PARTS PAGE.html ABOUT.json OUT.html <lines
// PARTS is the folder that build.mjs filled; ABOUT.json has what no view knows: title and note, each in vi and en; - is none.
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { pack } from './pack.mjs'

const [parts, template, about, out] = process.argv.slice(2)
const read = (name) => readFileSync(`${parts}/${name}`, 'utf8')
const hash = (text) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const data = pack(lines, about === '-' ? {} : JSON.parse(readFileSync(about, 'utf8')))

// Inside <script> only </script> and <!-- mean anything to a browser, and both begin with <.
const json = JSON.stringify(data).replace(/</g, '\\u003c').replace(/\u2028/g, '\\u2028').replace(/\u2029/g, '\\u2029')
const script = read('page.js').trim()
const style = read('page.css').trim()
if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error('the page would end early')

const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; font-src data:; base-uri 'none'; form-action 'none'`
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
const filled = {
  policy, style, script, data: json,
  title: escape(`${data.about.title[data.about.lang] ?? data.about.title.vi} – ${data.about.day}`),
  lang: data.about.lang,
  licences: read('licences.txt').replace(/--+/g, '–').replace(/>/g, '›')
}
const page = readFileSync(template, 'utf8').replace(/\{\{(\w+)\}\}/g, (all, name) => {
  if (!(name in filled)) throw new Error(`nothing to fill ${all} with`)
  return filled[name]
})
writeFileSync(`${out}.part`, page)
renameSync(`${out}.part`, out)
const zones = data.days[data.days.length - 1].tier.length
console.log(`${zones} zones, ${data.days.length} days, ${(Buffer.byteLength(page) / 1e6).toFixed(1)} MB`)
