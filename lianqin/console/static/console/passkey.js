// Around allauth's own script for passkeys: say on the page when one did not work, and offer none
// where the browser has none (an IP address, no https).
(function () {
  'use strict'
  const all = (name) => document.querySelectorAll(`[${name}]`)
  const anIpAddress = /^[\d.]+$|^\[/.test(window.location.hostname)

  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    all('data-passkey-failed').forEach((one) => { one.hidden = false })
  })
  document.addEventListener('DOMContentLoaded', () => {
    if (window.PublicKeyCredential && !anIpAddress) return
    all('data-passkey-absent').forEach((one) => { one.hidden = false })
    all('data-passkey-button').forEach((one) => {
      one.disabled = true
      if (one.closest('[data-passkey]')) one.closest('[data-passkey]').hidden = true
    })
  })
})()
