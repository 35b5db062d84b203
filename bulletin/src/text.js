// Every word of the page, in both languages.
const VI = {
  skip: 'Đến bản đồ', kicker: 'Bản tin nguy cơ dịch bệnh', print: 'In', languages: 'Ngôn ngữ',
  summary: 'Tóm tắt', where: 'Bản đồ nguy cơ', search: (noun) => `Tìm ${noun}`, searchHint: 'ví dụ: tdp 5 p bến nghé',
  found: (n, of) => n === 0 ? 'Không tìm thấy' : n < of ? `${n} trong ${of} kết quả` : `${n} kết quả`,
  mapHint: 'Bấm vào bản đồ để xem lý do. Phóng to: nút +, hoặc Ctrl và con lăn. Bàn phím: các phím mũi tên.',
  mapLabel: 'Bản đồ: dùng các phím mũi tên để đi từ nơi này sang nơi bên cạnh, phím + và − để phóng to, thu nhỏ',
  zoomIn: 'Phóng to', zoomOut: 'Thu nhỏ', zoomAll: 'Xem toàn bộ',
  pick: (noun) => `Chọn một ${noun} trên bản đồ, hoặc tìm theo tên, để xem màu, lý do và số liệu.`,
  day: 'Ngày', play: 'Chạy', pause: 'Dừng', asOf: 'Tính đến ngày',
  recorded: (when) => `theo đánh giá đã ghi nhận lúc ${when}`, computed: 'tính từ số liệu hiện có', today: 'ngày của bản tin',
  completeUntil: 'Số liệu đầy đủ đến', completeAll: 'mọi ngày (không có nguồn nào phải báo cáo)',
  completeSome: (n, noun) => `${n} ${noun} không có nguồn phải báo cáo`, completeMost: (day, n, noun) => `${n} ${noun}: ${day}`,
  zoneSet: 'Bộ ranh giới', policyName: 'Quy tắc', made: 'Lập lúc', madeWith: (v) => `georisk ${v}`,
  window: (a, b) => `số ca từ ${a} đến ${b}`,
  differs: (n, when, noun) => n === 0 ? `Trùng với đánh giá đã ghi nhận lúc ${when}.` : `Khác đánh giá đã ghi nhận lúc ${when} ở ${number(n)} ${noun}: báo cáo đến sau đã được tính thêm.`,
  internal: 'Dùng nội bộ: trong một tổ vài chục hộ, một ca mắc có thể chỉ ra một gia đình.',
  unknown: 'chưa rõ', noData: 'không có', never: 'chưa từng có', todayWord: 'hôm đó',
  cases: 'Ca mắc', households: 'Hộ có ca', population: 'Dân số', allHouseholds: 'Số hộ', rate: 'Ca trên 100.000 dân',
  last: 'Ca gần nhất', lastDays: (n) => n === 0 ? 'trong ngày' : `${n} ngày trước`, since: 'Giữ màu này', sinceDays: (day, n) => `từ ${day} (${n} ngày)`,
  sinceBefore: (n) => `ít nhất ${n} ngày`, reason: 'Lý do', until: 'Đủ số liệu đến', code: 'Mã', strip: (n) => `Màu trong ${n} ngày qua`,
  close: 'Bỏ chọn',
  changes: (day) => `Thay đổi so với hôm trước (${day})`, noBefore: 'Không có ngày trước đó để so sánh.', noChanges: 'Không có thay đổi nào.',
  worse: 'Xấu đi', better: 'Tốt lên', otherwise: 'Thay đổi khác', zones: (n, noun) => `${n} ${noun}`,
  from: 'Từ', to: 'Thành', why: 'Vì sao', zone: 'Nơi', showAll: (n) => `Xem tất cả ${n}`, showLess: 'Thu gọn', isNew: 'mới', isGone: 'không còn',
  newZones: (added, gone) => `Ranh giới thay đổi trong ngày này: ${added} nơi mới, ${gone} nơi không còn.`,
  wards: (noun) => `Bảng theo ${noun}`, total: 'Tổng cộng', worst: 'Màu cao nhất', affected: 'Hộ có ca', threatened: 'Xanh bị đe dọa',
  wardsCaption: (day) => `Số nơi theo màu, số ca và số hộ có ca, ngày ${day}`,
  curves: 'Diễn biến số ca', perDay: (measure) => `${measure} mỗi ngày`, average: 'trung bình 7 ngày',
  measure: (m) => ({ cases: 'Ca mắc', community_cases: 'Ca cộng đồng', imported_cases: 'Ca xâm nhập', unknown_source_cases: 'Ca chưa rõ nguồn' })[m] ?? m,
  curvesText: 'Theo ngày báo cáo, như đã biết khi lập bản tin; mọi biểu đồ nhỏ cùng một thang. Những ngày cuối có thể còn tăng.',
  noCurves: 'Không có ca nào trong thời gian này.', curveAll: 'Toàn bộ', notComplete: 'chưa đủ số liệu',
  curveLabel: (name, total, peak, day) => `${name}: ${total} ca, cao nhất ${peak} ca ngày ${day}`,
  watch: 'Vùng xanh bị đe dọa', watchText: (n, all) => `${n} trong ${all} nơi đang xanh nằm sát một nơi màu cam trở lên. Những nơi giáp ranh dài nhất đứng trước.`,
  watchNone: 'Không có vùng xanh nào nằm sát nơi màu cam trở lên.', neighbour: 'Giáp với', shared: 'Ranh giới chung', metres: (m) => `${m} m`, corner: 'chạm góc',
  moreOnScreen: (n) => `và ${n} nơi nữa trong bản trên màn hình`,
  reporting: 'Nơi báo cáo chậm', reportingNone: 'Không có nguồn nào được khai báo là phải báo cáo, nên mọi ngày được coi là đủ số liệu. Khai báo nguồn để biết nơi nào im lặng.',
  reportingAll: 'Mọi nguồn đã báo cáo đúng hạn.', reportedUntil: 'Đã báo cáo đến', behind: 'Chậm', days: (n) => `${n} ngày`, waitsFor: 'Còn chờ nguồn', isLate: 'quá hạn',
  lateRule: (n) => `Im lặng không phải là xanh: quá ${n} ngày không có báo cáo thì màu của nơi đó là “chưa rõ”, trừ khi đã chắc chắn.`,
  source: 'Nguồn', lateZones: 'Nơi quá hạn',
  quality: 'Chất lượng số liệu', received: 'Dòng nhận được', week: '7 ngày qua', placed: 'Đã định vị', replaced: 'Đã thay, rút, trùng', unplaced: 'Chưa định vị', rejected: 'Bị trả lại',
  disagrees: 'Điểm và mã khác nhau', qualityText: 'Mỗi dòng nhận được có đúng một kết quả; dòng bị trả lại được giữ nguyên cùng lý do.', qualityNone: 'Chưa nhận được dòng nào.',
  outcomes: { outside: 'điểm ngoài ranh giới', no_place: 'không ghi nơi ở', unknown_code: 'không nhận ra nơi ở', bad_point: 'điểm không đọc được', not_precise: 'chỉ biết đến phường', lost_in_boundary_change: 'mất do đổi ranh giới', waiting: 'chờ ranh giới', rejected: 'bị trả lại' },
  whyUnplaced: 'Vì sao chưa định vị:',
  policy: 'Quy tắc phân vùng', legend: 'Chú giải',
  colophon: 'Bản tin này là một tệp duy nhất, mở được khi không có mạng và không gửi gì đi đâu. Màu và lý do lấy thẳng từ cơ sở dữ liệu; số liệu có thể thay đổi sau khi lập.',
  noun: (level) => ({ group: 'tổ dân phố', ward: 'phường', commune: 'xã', district: 'quận', quarter: 'khu phố', province: 'tỉnh' })[level] ?? 'nơi',
  brief: (level) => level === 'group' ? 'tổ' : t('noun', level), unit: (n) => `${n} hộ`,
  pageFoot: (title, day, made) => `${title} – tính đến ${day}, lập lúc ${made}. Dùng nội bộ.`,
  pickPublic: (noun) => `Chọn một ${noun} trên bản đồ, hoặc tìm theo tên, để xem màu, từ ngày nào và đến ngày nào.`,
  mapHintPublic: 'Bấm vào bản đồ để xem màu. Phóng to: nút +, hoặc Ctrl và con lăn. Bàn phím: các phím mũi tên.',
  public: 'Bản công bố: màu theo thông báo của ban chỉ đạo; không có số ca của từng nơi ngoài những khoảng đã công bố.',
  colophonPublic: 'Bản tin này là một tệp duy nhất, mở được khi không có mạng và không gửi gì đi đâu.',
  validUntil: 'Có hiệu lực đến', nextAnnouncement: 'thông báo tiếp theo', shownThen: 'như đã công bố trong ngày',
  delayed: (n) => `theo tình hình ${n} ngày trước đó`, countOf: (a, b) => `Số ca từ ${a} đến ${b}`, countClass: (a, b) => b === null ? `${a} trở lên` : `${a} đến ${b}`,
  wardsCaptionPublic: (day) => `Số nơi theo màu, ngày ${day}`, pageFootPublic: (title, day) => `${title} – theo thông báo, ngày ${day}.`,
  than: 'so với hôm trước', same: 'như hôm trước', of: (n, all) => `${n} trong ${all}`,
  lead: (p) => `Ngày ${p.day}, ${p.worst} trong ${p.all} ${p.noun} ở ${p.label}` + (p.delta === null ? '' : p.delta === 0 ? ', như hôm trước' : `, ${p.delta > 0 ? 'tăng' : 'giảm'} ${Math.abs(p.delta)} so với hôm trước`) +
    `. ${p.best} ở ${p.bestLabel}` + (p.bestDelta ? ` (${p.bestDelta > 0 ? '+' : '−'}${Math.abs(p.bestDelta)})` : '') + '.' +
    (p.worse === null ? '' : ` Trong ngày ${p.worse} ${p.brief} xấu đi, ${p.better} ${p.brief} tốt lên.`) + (p.unknown ? ` ${p.unknown} ${p.brief} chưa rõ.` : '')
}
const s = (n) => (String(n) === '1' ? '' : 's')
const EN = {
  skip: 'To the map', kicker: 'Epidemic risk bulletin', print: 'Print', languages: 'Language',
  summary: 'In short', where: 'Risk map', search: (noun) => `Find a ${noun}`, searchHint: 'for example: tdp 5 p ben nghe',
  found: (n, of) => n === 0 ? 'Nothing found' : n < of ? `${n} of ${of} found` : `${n} found`,
  mapHint: 'Click the map for the reason. Zoom: the + button, or Ctrl and the wheel. Keyboard: the arrow keys.',
  mapLabel: 'Map: the arrow keys go from one place to the next, + and − zoom',
  zoomIn: 'Zoom in', zoomOut: 'Zoom out', zoomAll: 'Show all',
  pick: (noun) => `Choose a ${noun} on the map, or search for it by name, to see its colour, the reason and the numbers.`,
  day: 'Day', play: 'Play', pause: 'Pause', asOf: 'As of',
  recorded: (when) => `as assessed and recorded ${when}`, computed: 'computed from what is known now', today: 'the bulletin’s day',
  completeUntil: 'Complete until', completeAll: 'every day (no source is expected to report)',
  completeSome: (n, noun) => `no source is expected for ${n} ${noun}s`, completeMost: (day, n, noun) => `${n} ${noun}s: ${day}`,
  zoneSet: 'Zone set', policyName: 'Policy', made: 'Made', madeWith: (v) => `georisk ${v}`,
  window: (a, b) => `cases from ${a} to ${b}`,
  differs: (n, when, noun) => n === 0 ? `The same as the assessment recorded ${when}.` : `Differs from the assessment recorded ${when} in ${number(n)} ${noun}s: reports that came later are counted.`,
  internal: 'For internal use: in a group of some forty households, one case can point to a family.',
  unknown: 'unknown', noData: 'none', never: 'never', todayWord: 'that day',
  cases: 'Cases', households: 'Households with cases', population: 'Population', allHouseholds: 'Households', rate: 'Cases per 100,000',
  last: 'Last case', lastDays: (n) => n === 0 ? 'that day' : `${n} day${s(n)} before`, since: 'This colour', sinceDays: (day, n) => `since ${day} (${n} day${s(n)})`,
  sinceBefore: (n) => `for ${n} days at least`, reason: 'Reason', until: 'Complete until', code: 'Code', strip: (n) => `Colours of the last ${n} days`,
  close: 'Clear',
  changes: (day) => `Changes since the day before (${day})`, noBefore: 'There is no day before to compare with.', noChanges: 'Nothing changed.',
  worse: 'Worse', better: 'Better', otherwise: 'Otherwise changed', zones: (n, noun) => `${n} ${noun}${s(n)}`,
  from: 'From', to: 'To', why: 'Why', zone: 'Place', showAll: (n) => `Show all ${n}`, showLess: 'Show fewer', isNew: 'new', isGone: 'gone',
  newZones: (added, gone) => `Boundaries changed on this day: ${added} places are new, ${gone} are gone.`,
  wards: (noun) => `By ${noun}`, total: 'Total', worst: 'Worst colour', affected: 'Households', threatened: 'Green, threatened',
  wardsCaption: (day) => `Places by colour, cases and households with cases, ${day}`,
  curves: 'Epidemic curves', perDay: (measure) => `${measure} a day`, average: '7-day mean',
  measure: (m) => ({ cases: 'Cases', community_cases: 'Community cases', imported_cases: 'Imported cases', unknown_source_cases: 'Cases of unknown source' })[m] ?? m,
  curvesText: 'By day of report, as known when this was made; all small charts have one scale. The last days may still grow.',
  noCurves: 'No cases in this time.', curveAll: 'All', notComplete: 'not complete',
  curveLabel: (name, total, peak, day) => `${name}: ${total} cases, at most ${peak} on ${day}`,
  watch: 'Threatened green zones', watchText: (n, all) => `${n} of ${all} green places lie next to one that is orange or worse. Those with the longest shared border come first.`,
  watchNone: 'No green place lies next to one that is orange or worse.', neighbour: 'Next to', shared: 'Shared border', metres: (m) => `${m} m`, corner: 'corner',
  moreOnScreen: (n) => `and ${n} more in the page on screen`,
  reporting: 'Late reporting', reportingNone: 'No source is declared as expected to report, so every day counts as complete. Declare sources to see who is silent.',
  reportingAll: 'All sources have reported in time.', reportedUntil: 'Reported until', behind: 'Behind', days: (n) => `${n} day${s(n)}`, waitsFor: 'Waits for', isLate: 'late',
  lateRule: (n) => `Silence is not green: after more than ${n} day${s(n)} without reports a place is “unknown”, unless its tier is certain.`,
  source: 'Source', lateZones: 'Late places',
  quality: 'Data quality', received: 'Rows received', week: 'Last 7 days', placed: 'Placed', replaced: 'Replaced, withdrawn, twice', unplaced: 'Not placed', rejected: 'Rejected',
  disagrees: 'Point and code disagree', qualityText: 'Every row received has one outcome; rejected rows are kept as they came, with the reason.', qualityNone: 'No rows received yet.',
  outcomes: { outside: 'outside every zone', no_place: 'no place given', unknown_code: 'place not recognised', bad_point: 'point cannot be read', not_precise: 'known to the ward at best', lost_in_boundary_change: 'lost in boundary change', waiting: 'waiting for zones', rejected: 'rejected' },
  whyUnplaced: 'Why not placed:',
  policy: 'The rule', legend: 'Legend',
  colophon: 'This bulletin is one file; it opens without a network and sends nothing anywhere. Colours and reasons come straight from the database; numbers may change after it was made.',
  noun: (level) => ({ group: 'resident group', ward: 'ward', commune: 'commune', district: 'district', quarter: 'quarter', province: 'province' })[level] ?? 'place',
  brief: (level) => t('noun', level), unit: (n) => `${n} household${s(n)}`,
  pageFoot: (title, day, made) => `${title} – as of ${day}, made ${made}. For internal use.`,
  pickPublic: (noun) => `Choose a ${noun} on the map, or search for it by name, to see its colour, since when and until when.`,
  mapHintPublic: 'Click the map for a colour. Zoom: the + button, or Ctrl and the wheel. Keyboard: the arrow keys.',
  public: 'For the public: the colours that the committee announced; no number of cases but in the ranges that were published.',
  colophonPublic: 'This bulletin is one file; it opens without a network and sends nothing anywhere.',
  validUntil: 'Valid until', nextAnnouncement: 'the next announcement', shownThen: 'as shown on that day',
  delayed: (n) => `as it was ${n} day${s(n)} before`, countOf: (a, b) => `Cases from ${a} to ${b}`, countClass: (a, b) => b === null ? `${a} or more` : `${a} to ${b}`,
  wardsCaptionPublic: (day) => `Places by colour, ${day}`, pageFootPublic: (title, day) => `${title} – as announced, ${day}.`,
  than: 'against the day before', same: 'as the day before', of: (n, all) => `${n} of ${all}`,
  lead: (p) => `On ${p.day}, ${p.worst} of ${p.all} ${p.noun}s are ${p.label}` + (p.delta === null ? '' : p.delta === 0 ? ', as the day before' : `, ${Math.abs(p.delta)} ${p.delta > 0 ? 'more' : 'fewer'} than the day before`) +
    `. ${p.best} are ${p.bestLabel}` + (p.bestDelta ? ` (${p.bestDelta > 0 ? '+' : '−'}${Math.abs(p.bestDelta)})` : '') + '.' +
    (p.worse === null ? '' : ` Since the day before, ${p.worse} got worse and ${p.better} better.`) + (p.unknown ? ` ${p.unknown} are unknown.` : '')
}

export const state = { lang: 'vi' }
export const t = (key, ...args) => {
  const text = (state.lang === 'en' ? EN : VI)[key]
  return typeof text === 'function' ? text(...args) : text
}

const locale = () => (state.lang === 'en' ? 'en-GB' : 'vi-VN')
const formats = new Map()
export function number(value, digits = 0) {
  if (value === null || value === undefined) return '–'
  const key = locale() + digits
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }))
  return formats.get(key).format(value)
}
export const signed = (value) => (value > 0 ? '+' : value < 0 ? '−' : '±') + number(Math.abs(value))
export const percent = (part, whole) => whole ? `${number((100 * part) / whole, 1)} %` : '–'

const asDate = (day) => new Date(`${day}T00:00:00Z`)
export const shortDay = (day) => day ? `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}` : '–'
export const dayMonth = (day) => `${day.slice(8, 10)}/${day.slice(5, 7)}`
const WEEKDAYS = ['Chủ nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy']
export const longDay = (day) => {
  if (state.lang === 'vi') return `${WEEKDAYS[asDate(day).getUTCDay()]}, ngày ${Number(day.slice(8))} tháng ${Number(day.slice(5, 7))} năm ${day.slice(0, 4)}`
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(asDate(day))
}
// A moment in the map's time zone, as the database wrote it.
export const moment = (text) => `${text.slice(11, 16)} ${shortDay(text.slice(0, 10))}`
export const addDays = (day, n) => new Date(asDate(day).getTime() + n * 86400000).toISOString().slice(0, 10)
export const daysBetween = (a, b) => Math.round((asDate(b) - asDate(a)) / 86400000)
