// Names as people type them: without case and diacritics, words and numbers apart, no leading zeros.
export function fold(text) {
  return String(text ?? '')
    .normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
    .replace(/(\p{N})(?=\p{L})|(\p{L})(?=\p{N})/gu, '$1$2 ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ').replace(/(^| )0+(?=\p{N})/gu, '$1').trim()
}

// What stands before a name and is left out, cut short or written another way: tổ dân phố, TDP, KP 3, P. Bến Nghé, F1, Q1.
const KIND = /(^| )(?:to dan pho|to nhan dan|to|tdp|tnd|khu pho|kp|phuong|p|f|quan|q|tp|thanh pho|xa|x|group|ward|district|resident group)(?= |$)/g

function bare(folded) {
  let text = folded
  for (let before = null; before !== text;) {
    before = text
    text = text.replace(/(^| )(?:quan|q|district) \p{N}+(?= |$)/gu, '$1').replace(KIND, '$1').replace(/ +/g, ' ').trim()
  }
  return text || folded
}

// An index of zones: find(query) gives the places of those that a query may mean, the best first.
export function searchIndex(entries) {
  const rows = entries.map(({ name, code, parent }) => {
    const words = new Set(`${bare(fold(name))} ${bare(fold(parent))} ${fold(code)} ${fold(name)}`.split(' ').filter(Boolean))
    const whole = fold(name)
    return {
      words: [...words], numbers: bare(whole).split(' ').filter((word) => /^\p{N}+$/u.test(word)), whole,
      code: fold(code), joined: `${whole} ${fold(parent)}`.replace(/ /g, '')
    }
  })
  return function find(query) {
    const whole = fold(query)
    if (!whole) return []
    const words = bare(whole).split(' ')
    const found = []
    rows.forEach((row, place) => {
      let score = row.whole === whole || row.code === whole ? 100 : 0
      for (const word of words) {
        const isNumber = /^\p{N}+$/u.test(word)
        if (isNumber && row.numbers.includes(word)) score += 10
        else if (row.words.includes(word)) score += isNumber ? 3 : 5
        else if (row.words.some((own) => own.startsWith(word))) score += isNumber ? 1 : 3
        else if (!isNumber && word.length > 3 && row.joined.includes(word)) score += 2
        else return
      }
      found.push([score, place])
    })
    return found.sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, place]) => place)
  }
}
