import {isBox} from '../scene/nodeShape';
import type {Scene, SceneNode} from '../scene/scene';

/** From this zoom on every name is shown. */
const allNamesZoom = 1.2;
/** Mean width of a letter, in heights of the text. */
const letter = 0.62;
/** Height of a name and its distance from the rim to its middle, in CSS pixels. */
const height = 12;
const distance = 15;
/** Names fade in over this part of the zoom from which they have room. */
const fade = 0.2;
/** Farther away, in world units, no name of usual length is in the way. */
const reach = 260;

/**
 * From which zoom on the name of a node has room. It depends on the scene alone, never on what is in view, so that a name that has appeared stays
 * while one pans or zooms in. Where two names would overlap the less important one waits: inputs and outputs first, then by number of synapses.
 */
export class NameRoom {
  private stamp = '';
  private readonly from = new Map<number, number>();

  /** 0: no room at this zoom, 1: shown. */
  opacity(scene: Scene, number: number, zoom: number): number {
    const stamp = `${scene.serial} ${scene.version}`;
    if (stamp !== this.stamp) this.from.clear();
    this.stamp = stamp;
    const from = this.zoomOf(scene, number);
    return from === 0 ? 1 : Math.max(0, Math.min(1, (zoom / from - 1) / fade));
  }

  /** 0: at every zoom. */
  private zoomOf(scene: Scene, number: number): number {
    const known = this.from.get(number);
    if (known !== undefined) return known;
    const node = scene.nodes[number]!;
    const {x, y} = node;
    let from = 0;
    scene.nodeIndex.query({left: x - reach, top: y - reach, right: x + reach, bottom: y + reach}, other => {
      const neighbour = scene.nodes[other]!;
      if (other === number || from >= allNamesZoom) return;
      from = Math.max(from, freeOfBody(node, neighbour));
      if (isBox(neighbour.view) || !isMoreImportant(neighbour, node)) return;
      const apart = freeOfName(node, neighbour);
      // A name that comes later than the two would part is in nobody's way.
      if (apart > from && this.zoomOf(scene, other) < apart) from = apart;
    });
    from = Math.min(from, allNamesZoom / (1 + fade));
    this.from.set(number, from);
    return from;
  }
}

function widthOf({view}: SceneNode): number {
  return Math.min(110, (view.title ?? view.id).length * height * letter);
}

/** From which zoom on the names of two nodes lie side by side or one below the other. */
function freeOfName(one: SceneNode, other: SceneNode): number {
  const across = Math.abs(one.x - other.x);
  const down = Math.abs(one.y + one.height / 2 - other.y - other.height / 2);
  return Math.min((widthOf(one) + widthOf(other)) / 2 / across, (height * 1.2) / down);
}

/** From which zoom on the name of a node does not lie on the body of another. */
function freeOfBody(node: SceneNode, other: SceneNode): number {
  const across = Math.abs(node.x - other.x) - other.width / 2;
  const down = other.y - other.height / 2 - (node.y + node.height / 2);
  const isAbove = other.y + other.height / 2 <= node.y + node.height / 2;
  if (isAbove) return 0;
  return Math.min(across > 0 ? widthOf(node) / 2 / across : allNamesZoom, down > 0 ? (distance + height / 2) / down : allNamesZoom);
}

function isMoreImportant(one: SceneNode, other: SceneNode): boolean {
  const [first, second] = [importance(one), importance(other)];
  return first === second ? order(one.view.id) > order(other.view.id) : first > second;
}

function importance({view, outgoing, incoming}: SceneNode): number {
  const isEnd = view.inputAlias !== undefined || view.outputAlias !== undefined;
  return (isEnd ? 1e9 : 0) + (view.single ? 0 : 1e8) + outgoing.length + incoming.length;
}

/** An order of ids that has nothing to do with where they are, so that those left out are spread evenly; no two are equal. */
function order(id: string): string {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x5bd1e995);
  return `${hash >>> 0} ${id}`;
}
