// Test data: rows come as a stream of events and are shown one by one. The file has the same rows, as it is written from the same seed.
import { events } from './api.js';

const shown = 200;   // further rows are counted, and are in the file

export function connectRows() {
  const [form, what, count, seed, start, stop, download, progress, list] =
    ['order', 'what', 'count', 'seed', 'start', 'stop', 'download', 'progress', 'rows'].map(id => document.getElementById(id));
  let request;

  form.addEventListener('submit', async event => {
    event.preventDefault();
    request = new AbortController();
    const { signal } = request;
    const path = `api/models/${what.value}/rows`;
    const query = new URLSearchParams({ count: count.value });
    if (seed.value.trim()) query.set('seed', seed.value.trim());
    working(true);
    list.replaceChildren();
    list.hidden = true;
    download.hidden = true;
    progress.textContent = 'Writing …';
    let written = 0;
    let end = 'Stopped';
    try {
      for await (const { type, data } of events(`${path}?${query}`, signal)) {
        if (type === 'start') {
          query.set('seed', data.seed);
        } else if (type === 'row') {
          written++;
          query.set('count', data.number + 1);
          if (written <= shown) add(data.values);
          progress.textContent = `${written} of ${count.value} rows`;
        } else {
          end = data.fault ?? (data.missing ? `Done, but for ${data.missing} that could not be written` : 'Done');
        }
      }
    } catch (error) {
      if (!signal.aborted) end = error.message;
    }
    working(false);
    const more = written > shown ? ` The first ${shown} are shown; the file has all.` : '';
    progress.textContent = written ? `${end}: ${written} ${written === 1 ? 'row' : 'rows'}, seed ${query.get('seed')}.${more}` : end;
    if (written) {
      download.href = `${path}.csv?${query}`;
      download.hidden = false;
    }
  });
  stop.addEventListener('click', () => request.abort());

  function add(values) {
    const row = document.createElement('li');
    row.textContent = values.join(' | ');
    list.append(row);
    list.hidden = false;
  }

  function working(isWorking) {
    start.disabled = isWorking;
    stop.disabled = !isWorking;
  }
}
