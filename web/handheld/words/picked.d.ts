/** The shared words, cut down to the groups of `groups.json` when the page is built. */
declare module 'words:*' {
  const words: typeof import('../../shared/i18n/zh-CN.json')
  export default words
}
