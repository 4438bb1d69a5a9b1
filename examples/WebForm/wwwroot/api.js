// Asks the service. An answer that is none becomes an Error with what its problem details say.

export async function post(path, body, signal) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  return (await succeeded(response)).json();
}

/** Yields the events of a stream as { type, data }. */
export async function* events(path, signal) {
  const response = await succeeded(await fetch(path, { signal }));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const parts = text.split('\n\n');
    text = parts.pop();
    for (const part of parts) {
      const lines = part.split('\n');
      const field = name => lines.filter(line => line.startsWith(name + ':')).map(line => line.slice(name.length + 1).trim()).join('\n');
      yield { type: field('event'), data: JSON.parse(field('data')) };
    }
  }
}

async function succeeded(response) {
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? problem.title ?? `The service answered with status ${response.status}.`);
}
