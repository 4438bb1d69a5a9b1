import { post } from './api.js';
import { Check } from './check.js';
import { Combobox } from './combobox.js';
import { connectRows } from './rows.js';
import { connectTabs } from './tabs.js';

for (const field of document.querySelectorAll('[data-model]')) {
  const path = `api/models/${field.dataset.model}`;
  const input = field.querySelector('input');
  const check = new Check(input, field.querySelector('.note'), (text, signal) => post(`${path}/check`, { text }, signal));
  const suggest = async (text, signal) => (await post(`${path}/suggest`, { text, count: 5 }, signal)).suggestions;
  // A number is whole when it was taken from the list; a message goes on.
  const accepted = () => field.dataset.model === 'articles' && check.run();
  new Combobox(input, field.querySelector('[role=listbox]'), field.querySelector('.status'), suggest, accepted);
}
connectRows();
connectTabs(document.querySelector('[role=tablist]'));
