// A text field with suggestions: the editable combobox with a listbox of the ARIA Authoring Practices Guide. Tab takes a suggestion while
// the list is open, and moves on when it is closed. All text is set as text, so that markup in it is shown and not run.

const delay = 150;   // milliseconds after the last key

export class Combobox {
  #input; #list; #status; #suggest; #accepted;
  #suggestions = [];
  #active = -1;
  #timer;
  #request;

  /**
   * @param {HTMLInputElement} input The field.
   * @param {HTMLElement} list The listbox.
   * @param {HTMLElement} status Where the number of suggestions is told.
   * @param suggest Looks for suggestions: (text, signal) => promise of [{ text, completion, probability }].
   * @param accepted Is called when a suggestion was taken.
   */
  constructor(input, list, status, suggest, accepted) {
    this.#input = input;
    this.#list = list;
    this.#status = status;
    this.#suggest = suggest;
    this.#accepted = accepted;
    input.addEventListener('input', () => this.#typed());
    input.addEventListener('keydown', event => this.#key(event));
    input.addEventListener('blur', () => this.#close());
    // The field keeps the focus while an option is pressed.
    list.addEventListener('mousedown', event => event.preventDefault());
    list.addEventListener('click', event => {
      const option = event.target.closest('[role=option]');
      if (option) this.#accept([...list.children].indexOf(option));
    });
  }

  #typed() {
    this.#close();
    if (this.#input.value) this.#timer = setTimeout(() => this.#ask(), delay);
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const isOpen = !this.#list.hidden;
    const count = this.#suggestions.length;
    switch (event.key) {
      case 'ArrowDown':
        if (isOpen) this.#choose((this.#active + 1) % count);
        else this.#ask();
        break;
      case 'ArrowUp':
        if (!isOpen) return;
        this.#choose((this.#active <= 0 ? count : this.#active) - 1);
        break;
      case 'Enter':
        if (!isOpen || this.#active < 0) return;
        this.#accept(this.#active);
        break;
      case 'Tab':
        if (!isOpen || event.shiftKey) return;
        this.#accept(Math.max(0, this.#active));
        break;
      case 'Escape':
        if (!isOpen) return;
        this.#close();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  async #ask() {
    this.#cancel();
    const request = this.#request = new AbortController();
    const typed = this.#input.value;
    try {
      const suggestions = await this.#suggest(typed, request.signal);
      if (!request.signal.aborted) this.#show(typed, suggestions);
    } catch (error) {
      if (!request.signal.aborted) this.#status.textContent = `No suggestions. ${error.message}`;
    }
  }

  #show(typed, suggestions) {
    this.#suggestions = suggestions;
    this.#list.replaceChildren(...suggestions.map((suggestion, i) => this.#option(typed, suggestion, i)));
    this.#open(suggestions.length > 0);
    this.#status.textContent = suggestions.length === 1 ? '1 suggestion' : `${suggestions.length || 'No'} suggestions`;
  }

  /** Makes an option that shows the last word on, with what would be added in bold. */
  #option(typed, { text, completion, probability }, i) {
    const option = document.createElement('li');
    option.id = `${this.#list.id}-${i}`;
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', 'false');
    const label = document.createElement('span');
    const start = typed.lastIndexOf(' ') + 1;
    if (completion === null) {
      label.textContent = text.slice(text.lastIndexOf(' ', start) + 1);
    } else {
      const added = document.createElement('strong');
      added.textContent = completion;
      label.append(typed.slice(start), added);
    }
    const share = document.createElement('span');
    share.className = 'share';
    share.textContent = probability < 0.01 ? '< 1 %' : `${Math.round(100 * probability)} %`;
    option.append(label, share);
    return option;
  }

  #choose(i) {
    this.#list.children[this.#active]?.setAttribute('aria-selected', 'false');
    this.#active = i;
    const option = this.#list.children[i];
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', option.id);
  }

  #accept(i) {
    const { text } = this.#suggestions[i];
    this.#close();
    this.#input.value = text;
    this.#input.setSelectionRange(text.length, text.length);
    this.#input.scrollLeft = this.#input.scrollWidth;
    this.#accepted();
  }

  #open(isOpen) {
    this.#active = -1;
    this.#list.hidden = !isOpen;
    this.#input.setAttribute('aria-expanded', isOpen);
    this.#input.removeAttribute('aria-activedescendant');
  }

  #close() {
    this.#cancel();
    this.#open(false);
    this.#status.textContent = '';
  }

  #cancel() {
    clearTimeout(this.#timer);
    this.#request?.abort();
  }
}
