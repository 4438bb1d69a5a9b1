// Marks a value that is not plausible, with its likeliest mistake: in words, beside the field, which names the words as its description.

export class Check {
  #input; #note; #check;
  #request;
  #checked = '';

  /**
   * @param {HTMLInputElement} input The field.
   * @param {HTMLElement} note Where the mistake is told.
   * @param check Checks a text: (text, signal) => promise of { isUnusual, position, instead }.
   */
  constructor(input, note, check) {
    this.#input = input;
    this.#note = note;
    this.#check = check;
    input.addEventListener('input', () => this.#clear());
    input.addEventListener('blur', () => this.run());
    input.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.defaultPrevented) this.run();
    });
  }

  async run() {
    const text = this.#input.value;
    if (text === this.#checked) return;
    this.#clear();
    this.#checked = text;
    if (!text) return;
    const request = this.#request = new AbortController();
    try {
      const answer = await this.#check(text, request.signal);
      if (!request.signal.aborted && answer.isUnusual) this.#mark(text, answer);
    } catch (error) {
      if (!request.signal.aborted) this.#checked = '';   // it is checked the next time
    }
  }

  #clear() {
    this.#request?.abort();
    this.#checked = '';
    this.#input.removeAttribute('aria-invalid');
    this.#note.replaceChildren();
  }

  #mark(text, { position, instead }) {
    // Where the text ends too early, a sign stands for what is missing.
    const found = position < text.length ? String.fromCodePoint(text.codePointAt(position)) : '␣';
    const heading = document.createElement('strong');
    heading.textContent = '⚠ This looks unusual.';
    const value = document.createElement('span');
    value.className = 'value';
    const mark = document.createElement('mark');
    mark.textContent = found;
    value.append(text.slice(0, position), mark, text.slice(position + found.length));
    this.#note.replaceChildren(heading, ` ${describe(text, position, found, instead)}`, value);
    this.#input.setAttribute('aria-invalid', 'true');
  }
}

function describe(text, position, found, instead) {
  if (position === text.length) return instead ? `It ends where ${quote(instead)} is likelier.` : 'It ends early.';
  const place = `${quote(found)} (character ${[...text.slice(0, position)].length + 1})`;
  if (instead === null) return `At ${place}, something else is likelier.`;
  return instead === '' ? `Before ${place}, it is likelier to end.` : `Instead of ${place}, ${quote(instead)} is likelier.`;
}

function quote(character) {
  return character === ' ' ? 'a space' : `“${character}”`;
}
