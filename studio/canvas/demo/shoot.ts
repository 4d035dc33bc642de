// Takes pictures of the demo page: node bench/run.mjs demo/shoot.ts FILE QUERY SCRIPT [FILE QUERY SCRIPT ...]
// Environment: WIDTH, HEIGHT, RATIO, WAIT (milliseconds), PAGE (plots.html).
import {startDemo} from '../e2e/demoPage';

export async function main(shots: string[]): Promise<void> {
  const {WIDTH = '1400', HEIGHT = '900', RATIO = '1', WAIT = '1500', PAGE = ''} = process.env;
  const demo = await startDemo('webgpu');
  for (let at = 0; at < shots.length; at += 3) {
    const [file, query, script] = shots.slice(at, at + 3);
    const page = await demo.open(query ?? '', {width: Number(WIDTH), height: Number(HEIGHT), ratio: Number(RATIO), path: PAGE});
    if (script) console.log(await page.evaluate(script));
    await page.waitForTimeout(Number(WAIT));
    console.log(query, JSON.stringify(await page.evaluate(() => window.canvas.figures)));
    await page.screenshot({path: file!});
    await page.close();
  }
  await demo.close();
}
