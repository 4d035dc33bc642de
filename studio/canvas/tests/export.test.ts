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
