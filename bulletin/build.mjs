// Builds what every bulletin is made of into the folder given: page.js, page.css, licences.txt and the program write.mjs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const out = path.resolve(process.argv[2])
const { build } = createRequire(path.join(out, 'package.json'))('esbuild')
const modules = path.join(out, 'node_modules')
const common = { bundle: true, nodePaths: [modules], logLevel: 'warning', legalComments: 'none', metafile: true }

const page = await build({
  ...common, entryPoints: [path.join(here, 'src/page.js')], outfile: path.join(out, 'page.js'),
  format: 'iife', minify: true, charset: 'utf8', target: 'es2020'
})
const style = await build({
  ...common, entryPoints: [path.join(here, 'src/page.css')], outfile: path.join(out, 'page.css'),
  minify: true, charset: 'utf8', loader: { '.woff2': 'dataurl' }
})
await build({
  ...common, entryPoints: [path.join(here, 'write.mjs')], outfile: path.join(out, 'write.mjs'),
  format: 'esm', platform: 'node', target: 'node18'
})

// Whoever passes the page on passes these on: their licences ask for it.
const parts = new Set()
for (const input of [...Object.keys(page.metafile.inputs), ...Object.keys(style.metafile.inputs)]) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)
  if (found) parts.add(found[1])
}
const licences = [...parts].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(path.join(modules, name, 'package.json'), 'utf8'))
  const file = path.join(modules, name, 'LICENSE')
  if (!existsSync(file)) throw new Error(`${name} has no LICENSE`)
  return `${name} ${version} (${license})\n\n${readFileSync(file, 'utf8').trim()}\n`
})
writeFileSync(path.join(out, 'licences.txt'), licences.join('\n' + '-'.repeat(72) + '\n\n'))
