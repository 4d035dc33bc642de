import {expect, test} from 'vitest';
import {showcase} from '../demo/synthetic';
import {sceneToSvg} from '../src/export/exportCanvas';
import {darkTheme} from '../src/theme';
import {build} from './build';

test('an exported circuit is well-formed SVG that names its neurons', () => {
  const view = showcase();
  view.nodes[0]!.id = 'a<b>&"c"';
  const svg = sceneToSvg(build(view), darkTheme, null);
  expect(svg.startsWith('<svg ')).toBe(true);
  expect(svg).toContain('a&lt;b&gt;&amp;&quot;c&quot;');
  expect(svg).toContain('память');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(svg.match(/<g[ >]/g)?.length ?? 0).toBe(svg.match(/<\/g>/g)?.length ?? 0);
});

test('an exported circuit has room for the aliases at its edges', () => {
  const view = showcase();
  const last = view.nodes.reduce((a, b) => ((a.position?.[0] ?? 0) > (b.position?.[0] ?? 0) ? a : b));
  const widthOf = () => Number(/width="(\d+)/.exec(sceneToSvg(build(view), darkTheme, null))![1]);
  Object.assign(last, {kind: 'neuron', single: true, count: 1, size: null, outputAlias: 'a'});
  const narrow = widthOf();
  last.outputAlias = 'a rather long alias';
  expect(widthOf()).toBeGreaterThan(narrow + 80);
});
