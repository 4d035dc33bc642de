import type {Page} from 'playwright-core';

/** Milliseconds. */
export interface Latency {
  /** From a movement of the pointer that drags a neuron to the frame that shows it: median, and that which 95 of 100 do not exceed. */
  pointer: number;
  pointerLate: number;
  /** From a view with one neuron and one synapse more to the frame that shows them. */
  edit: number;
  editLongest: number;
  /** Longest task of the main thread while edits come, 0: none of 50 or more. */
  longestTask: number;
}

const moves = 40;
const edits = 8;

/** The network runs all the while. */
export async function measureLatency(page: Page): Promise<Latency> {
  const grip = await page.evaluate(() => {
    const {canvas} = window;
    const {x, y} = canvas.scene().nodes[Math.floor(canvas.scene().nodes.length / 2)]!;
    canvas.glideTo({x, y, zoom: 1}, false);
    window.setRunning(true);
    const place = canvas.camera.toScreen({x, y});
    const times: number[] = [];
    canvas.canvas.addEventListener('pointermove', ({timeStamp}) => {
      // The first frame draws it; when the second begins, the browser has it.
      requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - timeStamp)));
    });
    Object.assign(window, {pointerTimes: times});
    return place;
  });
  await page.waitForTimeout(1000);
  await page.mouse.move(grip.x, grip.y);
  await page.mouse.down();
  await page.evaluate(() => (window as unknown as {pointerTimes: number[]}).pointerTimes.splice(0));
  for (let move = 0; move < moves; move++) {
    await page.mouse.move(grip.x + 60 * Math.sin(move / 5), grip.y + 60 * Math.cos(move / 5));
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
  const pointer = await page.evaluate(() => (window as unknown as {pointerTimes: number[]}).pointerTimes);
  const {times, longestTask} = await page.evaluate(async edits => {
    const {canvas} = window;
    let longestTask = 0;
    const observer = new PerformanceObserver(list => {
      for (const {duration} of list.getEntries()) longestTask = Math.max(longestTask, duration);
    });
    observer.observe({type: 'longtask'});
    const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
    const times: number[] = [];
    let view = canvas.scene().view;
    for (let edit = 0; edit < edits; edit++) {
      const [from] = view.nodes;
      const id = `added ${edit}`;
      const {x, y} = canvas.camera;
      const added = {...from!, id, position: [x + edit * 50, y + 60] as [number, number], first: -1, count: 1, single: true};
      const synapse = {...view.edges[0]!, index: view.edges.length, to: [{node: id, path: id, neuron: -1}]};
      view = {...view, nodes: [...view.nodes, added], edges: [...view.edges, synapse]};
      const start = performance.now();
      const shown = new Promise<void>(resolve => {
        const stop = canvas.on('view', () => {
          stop();
          resolve();
        });
      });
      canvas.setView(view);
      await shown;
      await frame();
      await frame();
      times.push(performance.now() - start);
    }
    observer.disconnect();
    return {times, longestTask};
  }, edits);
  const sorted = (values: number[]) => values.sort((one, other) => one - other);
  const at = (values: number[], part: number) => values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
  const [moved, edited] = [sorted(pointer), sorted(times)];
  return {pointer: at(moved, 0.5), pointerLate: at(moved, 0.95), edit: at(edited, 0.5), editLongest: at(edited, 1), longestTask};
}
