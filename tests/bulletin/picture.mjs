// The README's picture: node tests/bulletin/picture.mjs PAGE.html OUT.png
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const { chromium } = createRequire(path.join(top, 'build/bulletin/package.json'))('playwright-core')
const [page, out] = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: process.getuid() === 0 ? ['--no-sandbox'] : []
})
const view = await browser.newPage({ viewport: { width: 1240, height: 1560 } })
await view.goto(`file://${path.resolve(page)}`)
await view.locator('#search').fill('tdp 5 p bến nghé')
await view.locator('#search').press('Enter')
await view.locator('#zoom-all').click()
await view.evaluate(() => document.activeElement.blur())
await view.mouse.move(0, 0)
await view.screenshot({ path: out })
await browser.close()
