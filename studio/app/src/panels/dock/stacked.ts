import type {Exportable} from './PlotTools';

/** Two plots that stand one above the other, saved as one; in the table a column tells the rows of `upper` and `lower` apart. */
export function stacked(upper: Exportable, lower: Exportable, column: string, names: [string, string]): Exportable {
  return {
    toSvg() {
      const pictures = [upper.toSvg(), lower.toSvg()];
      const [above, below] = pictures.map(sizeOf);
      // Names of what clips are the same in both pictures.
      const second = pictures[1]!.replace('<svg ', `<svg y="${above!.height}" `).replace(/(id="|url\(#)clip/g, '$1lower');
      const box = `width="${Math.max(above!.width, below!.width)}" height="${above!.height + below!.height}"`;
      return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${pictures[0]}${second}</svg>\n`;
    },
    async toPng() {
      const blobs = await Promise.all([upper.toPng(), lower.toPng()]);
      if (!blobs[0] || !blobs[1]) return null;
      const [above, below] = await Promise.all([createImageBitmap(blobs[0]), createImageBitmap(blobs[1])]);
      const canvas = document.createElement('canvas');
      canvas.width = Math.max(above.width, below.width);
      canvas.height = above.height + below.height;
      const context = canvas.getContext('2d')!;
      context.drawImage(above, 0, 0);
      context.drawImage(below, 0, above.height);
      return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
    },
    toCsv() {
      const [head, ...rows] = upper.toCsv().trimEnd().split('\n');
      const [, ...others] = lower.toCsv().trimEnd().split('\n');
      const lines = [...rows.map(row => `${names[0]},${row}`), ...others.map(row => `${names[1]},${row}`)];
      return `${[`${column},${head}`, ...lines].join('\n')}\n`;
    },
  };
}

function sizeOf(svg: string): {width: number; height: number} {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return {width: Number(width), height: Number(height)};
}
