// The board asks twice a minute, and says when nobody answers.
;(function () {
  'use strict'
  var EVERY_MS = 30000
  var PATIENCE_MS = 10000

  function by(id) {
    return document.getElementById(id)
  }
  function write(id, text) {
    by(id).textContent = text
  }

  function list(id, facts) {
    var place = by(id)
    place.textContent = ''
    facts.forEach(function (fact) {
      var line = document.createElement('div')
      var name = document.createElement('dt')
      var value = document.createElement('dd')
      name.textContent = fact.label
      value.textContent = fact.value
      line.appendChild(name)
      line.appendChild(value)
      place.appendChild(line)
    })
  }

  function show(board) {
    by('away').hidden = true
    document.documentElement.className = board.night ? 'night' : 'day'
    document.title = board.title
    write('site', board.title)
    write('clock', board.clock)
    write('control-label', board.control_label)
    write('control-text', board.control.text)
    by('control').setAttribute('data-level', board.control.level)
    list('facts', board.facts)
    write('measures-title', board.measures_title)
    list('measures', board.measures)
    by('measures-box').hidden = board.measures.length === 0
  }

  function ask() {
    var request = new XMLHttpRequest()
    request.open('GET', '/api/board')
    request.timeout = PATIENCE_MS
    request.onload = function () {
      if (request.status === 200) {
        show(JSON.parse(request.responseText))
      } else {
        by('away').hidden = false
      }
    }
    request.onerror = request.ontimeout = function () {
      by('away').hidden = false
    }
    request.send()
  }

  ask()
  setInterval(ask, EVERY_MS)
})()
