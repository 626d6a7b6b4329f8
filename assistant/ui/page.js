// What the browser does by itself with answers: open sources, move between them, copy, download, vote. Text is set as text; the only
// markup that is put in comes from /page/source, which escapes all it shows.
(() => {
  'use strict';
  const $ = id => document.getElementById(id);
  let opened = null, name = ''; // the mark or card whose source is shown, and what finds it again when it is drawn anew

  const marksOf = element => {
    const exchange = element.closest('.exchange');
    if (!exchange || !element.matches('.mark')) return [element];
    const seen = new Set();
    return [...exchange.querySelectorAll('.mark')].filter(mark => {
      const known = seen.has(mark.dataset.number);
      seen.add(mark.dataset.number);
      return !known;
    });
  };
  const nameOf = element => [element.closest('.exchange')?.querySelector('.question').textContent, element.className,
    ...['open', 'start', 'end', 'number'].map(name => element.dataset[name])].join('\n');
  const placeOf = (element, marks) => marks.findIndex(mark => mark === element || (mark.dataset.number !== undefined && mark.dataset.number === element.dataset.number));

  function current(element) {
    document.querySelectorAll('.mark[aria-current]').forEach(mark => mark.removeAttribute('aria-current'));
    if (element?.matches('.mark')) element.setAttribute('aria-current', 'true');
  }

  function number(element) {
    const marks = marksOf(element), place = placeOf(element, marks);
    $('na-source-place').textContent = element.matches('.mark') ? `${place + 1} of ${marks.length}` : '';
    $('na-previous').disabled = place <= 0;
    $('na-next').disabled = place >= marks.length - 1;
  }

  // What was drawn anew, perhaps into the same element, is found again; a source of an answer that has gone goes with it.
  function follow() {
    const again = [...document.querySelectorAll('[data-open]')].find(one => nameOf(one) === name);
    if (again) { opened = again; current(again); number(again); }
    else if (opened.closest('.exchange')) close();
  }

  let slow = 0; // one source is opened at a time: what tells that it is slow goes when another is opened, or none
  function show(source) {
    source.classList.add('open');
    number(opened);
    if (covers(source) && !history.state?.source) history.pushState({source: true}, '');
  }

  async function open(element, focus = true) {
    const source = $('na-source'), body = $('na-source-body');
    if (!source || !body) return;
    opened = element;
    const wanted = name = nameOf(element); // also when it is drawn anew meanwhile
    current(element);
    clearTimeout(slow);
    slow = setTimeout(() => {
      body.textContent = 'Loading the source …';
      show(source);
    }, 300); // ms; sooner it would flicker
    const {open: article, start, end} = element.dataset;
    const answer = await fetch(`page/source?${new URLSearchParams({article, start, end})}`).catch(() => null);
    const shown = answer && (answer.ok || answer.status === 404) ? await answer.text().catch(() => null) : null;
    if (!opened || name !== wanted) return;
    clearTimeout(slow);
    if (shown === null) body.textContent = 'The source could not be loaded. Is the server still running?';
    else body.innerHTML = shown;
    show(source);
    const text = body.querySelector('.article-text'), quote = body.querySelector('mark');
    if (quote) text.scrollTop = quote.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 4;
    if (focus) $('na-source-name').focus({preventScroll: true});
  }

  // A sheet that covers the page is left with the browser's Back, as any other.
  const covers = source => getComputedStyle(source).position === 'fixed';
  let left = false; // by Close, which is to go back too
  addEventListener('popstate', () => {
    if (!left && covers($('na-source'))) close();
    left = false;
  });

  function step(by) {
    if (!opened) return;
    const marks = marksOf(opened), next = marks[placeOf(opened, marks) + by];
    if (next) open(next, false);
  }

  function close() {
    const source = $('na-source');
    if (!source || !opened) return;
    clearTimeout(slow);
    source.classList.remove('open');
    if (history.state?.source) { left = true; history.back(); }
    $('na-source-body').innerHTML = '<p class="small">Press a number in an answer to read its source here.</p>';
    $('na-source-place').textContent = '';
    $('na-previous').disabled = $('na-next').disabled = true;
    current(null);
    if (opened.isConnected) opened.focus();
    else if (source.contains(document.activeElement)) document.querySelector('[role=tab][aria-selected=true]').focus();
    opened = null;
  }

  function say(button, words) {
    const before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = words;
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  async function copy(button, rich) {
    const tools = button.closest('.tools'), plain = tools.querySelector('.as-markdown').textContent;
    const html = rich ? tools.querySelector('.as-html').textContent : '';
    try {
      if (!navigator.clipboard) copyUnencrypted(plain, html);
      else if (rich) {
        await navigator.clipboard.write([new ClipboardItem({
          'text/html': new Blob([html], {type: 'text/html'}), 'text/plain': new Blob([plain], {type: 'text/plain'}),
        })]);
      } else await navigator.clipboard.writeText(plain);
      say(button, 'Copied');
    } catch { say(button, 'Not allowed'); }
  }

  // Browsers have no clipboard for pages that come over plain HTTP from another machine, but let them answer a copy.
  function copyUnencrypted(plain, html) {
    const answer = event => {
      event.preventDefault();
      event.clipboardData.setData('text/plain', plain);
      if (html) event.clipboardData.setData('text/html', html);
    };
    document.addEventListener('copy', answer);
    const copied = document.execCommand('copy');
    document.removeEventListener('copy', answer);
    if (!copied) throw new Error('not copied');
  }

  function download(button) {
    const json = button.dataset.kind === 'json', name = `conversation.${json ? 'json' : 'md'}`;
    const texts = [...document.querySelectorAll(json ? '#na-scroll .as-json' : '#na-scroll .as-markdown')].map(one => one.textContent);
    if (!texts.length) { say(button, 'Nothing yet'); return; }
    const whole = json ? `[${texts.join(',\n')}]\n` : texts.map(renumbered).join('\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([whole], {type: json ? 'application/json' : 'text/markdown'}));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // Footnotes of several answers in one file must not share numbers.
  const renumbered = (text, place) => text.replace(/\[\^(\d+)\]/g, (_, number) => `[^${place + 1}-${number}]`);

  async function vote(button, comment) {
    const tools = button.closest('.tools'), exchange = button.closest('.exchange');
    const chosen = comment ? tools.querySelector('[data-vote][aria-pressed=true]') : button;
    if (!chosen) return;
    const questions = [...document.querySelectorAll('#na-scroll .exchange')];
    const earlier = questions.slice(0, questions.indexOf(exchange)).map(one => one.querySelector('.question').textContent);
    const answer = await fetch('page/feedback', {
      method: 'POST', headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({vote: chosen.dataset.vote, comment: comment || '', earlier, exchange: JSON.parse(tools.querySelector('.as-json').textContent)}),
    }).catch(() => null);
    if (!answer || !answer.ok) { say(button, 'Not kept'); return; }
    tools.querySelectorAll('[data-vote]').forEach(one => one.setAttribute('aria-pressed', String(one === chosen)));
    if (!comment) {
      tools.querySelector('.comment').hidden = false;
      tools.querySelector('.comment').scrollIntoView({block: 'nearest'});
      return;
    }
    fold(tools.querySelector('.comment'));
    say(chosen, 'Kept');
  }

  function fold(comment) {
    comment.hidden = true;
    comment.parentElement.querySelector('[data-vote][aria-pressed=true]')?.focus();
  }

  const acts = {
    download, vote: button => vote(button, ''),
    comment: button => {
      const words = button.parentElement.querySelector('input').value.trim();
      if (words) vote(button, words); else fold(button.parentElement);
    },
    previous: () => step(-1), next: () => step(1), close,
    copy: button => copy(button, false), 'copy-html': button => copy(button, true),
  };

  // What was pressed may be gone when its answer is drawn: then its like gets the focus, or what the answer stands in.
  let pressed = null;
  const sameAs = one => JSON.stringify(one.dataset) === JSON.stringify(pressed.dataset);
  function refocus() {
    if (!pressed || pressed.offsetParent || document.activeElement !== document.body) return;
    const stays = $('na-scroll').offsetParent ? $('na-scroll') : $('na-status');
    stays.tabIndex = -1;
    ([...document.querySelectorAll('[data-act]')].find(sameAs) || stays).focus({preventScroll: true});
    pressed = null;
  }

  document.addEventListener('click', event => {
    const source = event.target.closest('[data-open]');
    pressed = source ? null : event.target.closest('[data-act], #na-send');
    if (source) { open(source); return; }
    const button = event.target.closest('[data-act]');
    if (button && acts[button.dataset.act]) acts[button.dataset.act](button);
    const menu = document.querySelector('.take[open]');
    if (menu && (button || !menu.contains(event.target)) && button?.dataset.act !== 'download') menu.open = false;
  });
  document.addEventListener('keydown', event => {
    const comment = event.target.closest?.('.comment');
    if (comment && event.key === 'Enter' && event.target.matches('input')) comment.querySelector('button').click();
    if (comment && event.key === 'Escape') fold(comment);
    if (comment) return;
    if (event.key === 'Escape' && opened && !event.defaultPrevented) { event.preventDefault(); close(); }
    const inPanel = event.target.closest && event.target.closest('#na-panel');
    if (inPanel && !event.target.matches('input, textarea') && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      step(event.key === 'ArrowLeft' ? -1 : 1);
    }
  });

  new MutationObserver(() => {
    // Gradio's upload button has a name that leaves out its own words; without it they are the name.
    document.querySelectorAll('.upload-container[aria-label]').forEach(one => one.removeAttribute('aria-label'));
    if (opened && !(opened.isConnected && nameOf(opened) === name)) follow();
    refocus();
  }).observe(document.documentElement, {childList: true, subtree: true});
})();
