import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemOf, retryAfterMs } from './api/problem';
import { problems, text } from './text';

const documented = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
const types = [...documented.matchAll(/^\| `([a-z-]+)` \| \d{3} \|/gm)].map((found) => found[1]!);

describe('what the app says', () => {
  it('has a sentence for every problem of the API, and none for others', () => {
    expect(types.length).toBeGreaterThan(20);
    expect(Object.keys(problems).sort()).toEqual([...types].sort());
  });

  it('never shows a status, a type or a stack', () => {
    const answers = [
      problemOf(500, 'Error: boom\n    at thing (x.js:1:2)'),
      problemOf(502, '<html><h1>502 Bad Gateway</h1></html>'),
      problemOf(418, '{"type":"about:blank","title":"I am a teapot"}'),
      problemOf(422, '{"type":"/problems/invalid-order","detail":"items[0].sku: SQLSTATE 23514"}'),
      ...types.map((type) => problemOf(503, JSON.stringify({ type: `/problems/${type}` }))),
    ];
    for (const problem of answers) {
      const said = text.problem(problem);
      expect(said, problem.type).toMatch(/^[A-Z][^<>{}]+[.]$/);
      expect(said, problem.type).not.toMatch(/\d{3}|SQLSTATE|boom|teapot/);
    }
    expect(text.problem('lost')).toMatch(/cannot be reached/);
  });

  it('has a name for every dish, also for those that it has never heard of', () => {
    expect(text.dish('burger').name).toBe('Burger');
    expect(text.dish('veggie-wrap_2').name).toBe('Veggie wrap 2');
    expect(text.dish('---').name).toBe('---');
    expect(text.dish('constructor').name).toBe('Constructor');
  });

  it('understands how long to wait, and nothing that is none', () => {
    expect(retryAfterMs('3')).toBe(3000);
    expect(retryAfterMs('Fri, 27 Nov 2026 15:00:00 GMT')).toBeUndefined();
    expect(retryAfterMs('-1')).toBeUndefined();
    expect(retryAfterMs(null)).toBeUndefined();
  });
});
