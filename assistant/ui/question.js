// What the browser does by itself with questions: keeps what is in the box, empties it, tells how far an answer is, and
// takes no press for more than it was meant.
(() => {
  'use strict';
  // Not left to the server: its answer comes when the reader may be typing the next question.
  function fill(words) {
    box().value = words;
    box().dispatchEvent(new Event('input', {bubbles: true}));
  }
  const box = () => document.querySelector('#na-question textarea');
  const DRAFT = 'news-assistant-draft'; // what is in the box, for when the page is loaded again
  let sent = null, sentAt = 0; // what was in the box when it was sent; it goes when the question is drawn
  let aside = ''; // what was in the box before an earlier question was put there to be edited
  const cancel = () => document.querySelector('[data-act=cancel]');
  function send() {
    sentAt = Date.now();
    sent = box().value;
    if (!sent.trim()) return;
    if (told) say('An answer is under way: wait for it, or press Stop, and ask then.');
    else if (lost) say('The server cannot be reached; what you typed stays here.');
    else sending();
  }

  function say(words) {
    document.getElementById('na-ask').dataset.says = words;
    document.getElementById('na-told').textContent = words;
  }
  // Over a slow line a question is drawn late: until then the page says by itself that it has been taken.
  const SLOW = 500; // ms
  let wait = 0;
  function sending() {
    clearTimeout(wait);
    wait = setTimeout(() => say('Sending the question …'), SLOW);
  }
  new PerformanceObserver(done => {
    if (told || !done.getEntries().some(one => one.name.includes('/gradio_api/run/'))) return;
    clearTimeout(wait);
    delete document.getElementById('na-ask').dataset.says;
  }).observe({type: 'resource'});

  const acts = {
    new: () => { aside = ''; fill(''); },
    edit: () => { if (!cancel()) aside = box().value; box().focus(); },
    cancel: () => { fill(aside); aside = ''; box().focus(); },
    retry: () => { sent = null; sending(); },
    example: () => { sent = null; sending(); },
  };
  document.addEventListener('click', event => {
    if (event.target.closest('#na-send')) send();
    acts[event.target.closest('[data-act]')?.dataset.act]?.();
  });
  document.addEventListener('input', event => {
    if (event.target !== box()) return;
    sessionStorage.setItem(DRAFT, box().value);
    if (event.isTrusted && !box().value) cancel()?.click(); // what is typed next is another question
  });
  document.addEventListener('keydown', event => {
    if (event.target !== box()) return;
    if (event.key === 'Enter' && !event.shiftKey) send();
    if (event.key === 'Escape' && cancel()) { event.preventDefault(); cancel().click(); }
  });

  // Stop comes to where Ask was, and "Really remove?" to where Remove was: the second half of a double click means neither.
  const HASTY = 600; // ms
  let armed = null;
  // Gradio makes an element another article's when it draws a list anew: so what counts is whose it was.
  function sure(button) {
    const whose = JSON.stringify(button.dataset), at = Date.now();
    const again = armed?.button === button && armed.whose === whose;
    if (again && at - armed.at < HASTY) return false;
    armed?.restore();
    if (again) return true;
    const before = button.textContent, label = button.getAttribute('aria-label');
    const restore = () => {
      button.textContent = before;
      if (label && JSON.stringify(button.dataset) === whose) button.setAttribute('aria-label', label);
      armed = null;
    };
    armed = {button, whose, at, restore};
    button.textContent = button.dataset.sure;
    if (label) button.setAttribute('aria-label', `${button.dataset.sure} ${label}`);
    setTimeout(() => { if (armed?.at === at) restore(); }, 4000);
    return false;
  }
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-sure]');
    if (button ? sure(button) : !event.target.closest('#na-stop') || Date.now() - sentAt > HASTY) return;
    event.stopPropagation();
    event.preventDefault();
  }, true);

  // Gradio does not see a stream that ends in order, as when the server is started anew, and says little of one that
  // breaks. A server started anew has forgotten the question: then the page, which keeps it, is loaded anew.
  const LOST = 'The connection to the server was lost before the answer was there; ' +
    'your question is kept and can be asked again when the server is back.';
  const OFTEN = 5000, PATIENCE = 30000; // ms; a busy server is slow
  let watching = false, lost = false;
  async function watch() {
    watching = true;
    while (lost || document.querySelector('#na-live .working')) {
      await new Promise(later => setTimeout(later, OFTEN));
      const server = await fetch('gradio_api/app_id', {signal: AbortSignal.timeout(PATIENCE)})
        .then(said => said.json()).then(said => said.app_id).catch(() => null); // of a proxy in front: none
      if (server && server !== window.gradio_config.app_id) window.location.reload();
      const line = document.querySelector('#na-live .working');
      lost = !server;
      if (!lost || !line) continue;
      line.textContent = LOST;
      line.className = 'refusal';
      line.closest('.answer').dataset.state = 'lost';
      line.closest('.exchange').removeAttribute('aria-busy');
    }
    watching = false;
  }

  // A new question, and the last one when the page is loaded, comes to the top once; after that nothing scrolls by itself.
  let shown = '', told = false, loaded = false;
  const outcome = live => {
    const said = live?.querySelector('.refusal, .answer > .small'), count = live?.querySelectorAll('.answer > .statement').length;
    return said ? said.textContent : count ? `Answered: ${count} statement${count > 1 ? 's' : ''}` : '';
  };
  new MutationObserver(() => {
    const live = document.querySelector('#na-live .exchange');
    const key = live ? `${live.dataset.exchange} ${live.querySelector('.question')?.textContent}` : '';
    const running = live?.querySelector('[data-state="searching"], [data-state="reading"]');
    const begins = running && (key !== shown || !told);
    if (begins || (live && !shown)) live.scrollIntoView({block: 'start'});
    if (begins) {
      if (sent && box().value.startsWith(sent)) fill(box().value.slice(sent.length) || aside);
      sent = null;
      aside = '';
    }
    shown = key;
    if (Boolean(running) !== told) {
      clearTimeout(wait);
      delete document.getElementById('na-ask').dataset.says;
      document.getElementById('na-told').textContent = running ? 'Searching the articles' : outcome(live);
    }
    told = Boolean(running);
    if (running && !watching) watch();
    if (!loaded && document.querySelector('#na-live :is(.exchange, .welcome)')) {
      loaded = true;
      if (!box().value) fill(sessionStorage.getItem(DRAFT) || '');
    }
  }).observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-exchange', 'data-state']});
})();
