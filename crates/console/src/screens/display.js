// What stands on the screen is what the gate said last, and nothing when it says nothing.
;(function () {
  'use strict'
  var lane = location.pathname.split('/').pop()
  // The gate speaks every five seconds.
  var PATIENCE_MS = 15000
  var fade = null
  var away = null
  var source = null

  function by(id) {
    return document.getElementById(id)
  }
  function write(id, text) {
    by(id).textContent = text
  }

  function say(silent) {
    by('away').hidden = !silent
    if (silent) {
      clearDecision()
    }
  }

  function heard() {
    clearTimeout(away)
    away = setTimeout(function () {
      say(true)
      // A connection that died without a word is not noticed by every browser.
      connect()
    }, PATIENCE_MS)
    say(false)
  }

  function clearDecision() {
    clearTimeout(fade)
    by('decision').hidden = true
    by('idle').hidden = false
    document.body.removeAttribute('data-verdict')
    document.body.removeAttribute('data-alarm')
  }

  function showDecision(decision, labels) {
    write('plate', decision.plate || labels.no_plate)
    by('plate').setAttribute('data-color', decision.plate ? decision.color : 'none')
    write('text', decision.text)
    write('emission', decision.emission || labels.no_emission)
    write('time', decision.time)
    write('reason', decision.reason)
    document.body.setAttribute('data-verdict', decision.verdict)
    // Of an alarm that is about no vehicle there is no plate to tell.
    if (decision.alarm && !decision.plate) {
      document.body.setAttribute('data-alarm', '')
    } else {
      document.body.removeAttribute('data-alarm')
    }
    by('decision').hidden = false
    by('idle').hidden = true
    clearTimeout(fade)
    fade = setTimeout(clearDecision, decision.left_ms)
  }

  function show(screen) {
    var labels = screen.labels
    var labelled = document.querySelectorAll('[data-label]')
    for (var i = 0; i < labelled.length; i += 1) {
      labelled[i].textContent = labels[labelled[i].getAttribute('data-label')]
    }
    document.documentElement.className = screen.night ? 'night' : 'day'
    document.title = screen.lane
    write('site', screen.site)
    write('lane', screen.lane)
    write('clock', screen.clock)
    write('big-clock', screen.clock)
    write('idle-text', labels.idle)
    write('control-text', screen.control.text)
    by('control').setAttribute('data-level', screen.control.level)
    if (screen.decision) {
      showDecision(screen.decision, labels)
    } else {
      clearDecision()
    }
  }

  function connect() {
    if (source) {
      source.close()
    }
    source = new EventSource('/api/screens/' + lane + '/events')
    source.addEventListener('screen', function (event) {
      heard()
      show(JSON.parse(event.data))
    })
    clearTimeout(away)
    away = setTimeout(function () {
      say(true)
      connect()
    }, PATIENCE_MS)
  }

  connect()
})()
