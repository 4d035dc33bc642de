import type {Box} from '../elements';

interface Level {
  cellSize: number;
  cells: Map<number, number[]>;
  items: number;
}

const halfRange = 1 << 25;
const rowLength = halfRange * 2;

/**
 * Boxes of numbered items in a hierarchy of loose grids: an item lies in the level whose cells are as large as the item, in the cell of its
 * centre, so that it sticks out of the cell by half a cell at most. Adding, moving and removing cost O(1); a query visits the cells it
 * touches on each of the few levels in use.
 */
export class SpatialIndex {
  private readonly levels = new Map<number, Level>();
  /** Per item: left, top, right, bottom. */
  private boxes = new Float64Array(64 * 4);
  /** Per item: its level plus 1000; 0: absent. */
  private levelOf = new Int16Array(64);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Adds the item, or moves it when it is there already. */
  set(item: number, left: number, top: number, right: number, bottom: number): void {
    this.remove(item);
    this.reserve(item + 1);
    const at = item * 4;
    this.boxes[at] = left;
    this.boxes[at + 1] = top;
    this.boxes[at + 2] = right;
    this.boxes[at + 3] = bottom;
    const extent = Math.max(right - left, bottom - top, 1 / 64);
    const levelNumber = Math.ceil(Math.log2(extent));
    this.levelOf[item] = levelNumber + 1000;
    const level = this.level(levelNumber);
    const key = cellKey(Math.floor((left + right) / 2 / level.cellSize), Math.floor((top + bottom) / 2 / level.cellSize));
    const cell = level.cells.get(key);
    if (cell) cell.push(item);
    else level.cells.set(key, [item]);
    level.items++;
    this.count++;
  }

  remove(item: number): void {
    const stored = item < this.levelOf.length ? this.levelOf[item]! : 0;
    if (stored === 0) return;
    const level = this.levels.get(stored - 1000)!;
    const at = item * 4;
    const x = (this.boxes[at]! + this.boxes[at + 2]!) / 2;
    const y = (this.boxes[at + 1]! + this.boxes[at + 3]!) / 2;
    const key = cellKey(Math.floor(x / level.cellSize), Math.floor(y / level.cellSize));
    const cell = level.cells.get(key)!;
    const last = cell.pop()!;
    if (last !== item) cell[cell.indexOf(item)] = last;
    if (cell.length === 0) level.cells.delete(key);
    if (--level.items === 0) this.levels.delete(stored - 1000);
    this.levelOf[item] = 0;
    this.count--;
  }

  has(item: number): boolean {
    return item < this.levelOf.length && this.levelOf[item] !== 0;
  }

  clear(): void {
    this.levels.clear();
    this.levelOf.fill(0);
    this.count = 0;
  }

  /** Visits the items whose boxes touch the box, in no order; stops when `visit` returns false. */
  query(box: Box, visit: (item: number) => boolean | undefined): void {
    for (const level of this.levels.values()) {
      const size = level.cellSize;
      const fromX = Math.floor((box.left - size / 2) / size);
      const toX = Math.floor((box.right + size / 2) / size);
      const fromY = Math.floor((box.top - size / 2) / size);
      const toY = Math.floor((box.bottom + size / 2) / size);
      if ((toX - fromX + 1) * (toY - fromY + 1) > level.cells.size) {
        for (const cell of level.cells.values()) if (!this.visitCell(cell, box, visit)) return;
        continue;
      }
      for (let y = fromY; y <= toY; y++) {
        for (let x = fromX; x <= toX; x++) {
          const cell = level.cells.get(cellKey(x, y));
          if (cell && !this.visitCell(cell, box, visit)) return;
        }
      }
    }
  }

  private visitCell(cell: number[], box: Box, visit: (item: number) => boolean | undefined): boolean {
    const boxes = this.boxes;
    for (const item of cell) {
      const at = item * 4;
      if (boxes[at]! > box.right || boxes[at + 2]! < box.left || boxes[at + 1]! > box.bottom || boxes[at + 3]! < box.top) continue;
      if (visit(item) === false) return false;
    }
    return true;
  }

  private level(levelNumber: number): Level {
    let level = this.levels.get(levelNumber);
    if (!level) {
      level = {cellSize: 2 ** levelNumber, cells: new Map(), items: 0};
      this.levels.set(levelNumber, level);
    }
    return level;
  }

  private reserve(items: number): void {
    if (items <= this.levelOf.length) return;
    const capacity = Math.max(items, this.levelOf.length * 2);
    const boxes = new Float64Array(capacity * 4);
    boxes.set(this.boxes);
    this.boxes = boxes;
    const levelOf = new Int16Array(capacity);
    levelOf.set(this.levelOf);
    this.levelOf = levelOf;
  }
}

function cellKey(x: number, y: number): number {
  return (y + halfRange) * rowLength + (x + halfRange);
}
