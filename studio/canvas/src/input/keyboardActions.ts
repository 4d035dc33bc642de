import {type ElementRef, elementKey, nodeRef} from '../elements';
import {gridStep} from '../scene/snapping';
import type {Interaction, InteractionHost} from './interaction';
import {commandOf, nearestNode, nextNode, vectorOf} from './keyboard';

export interface KeyboardHost extends InteractionHost {
  zoomBy(factor: number): void;
  zoomTo(what: 'all' | 'selection'): void;
  reveal(number: number): void;
  moveNodes(places: {number: number; x: number; y: number}[]): void;
}

/** Everything the mouse does, by keys: walk between nodes, move, connect, fire, open, delete. */
export class KeyboardActions {
  /** Node from which a connection by keys starts, -1: none. */
  private connectFrom = -1;

  constructor(
    private readonly host: KeyboardHost,
    private readonly interaction: Interaction,
  ) {}

  /** Returns whether the key was used. */
  press(event: KeyboardEvent): boolean {
    const command = commandOf(event);
    if (!command) return false;
    const {host} = this;
    const selection = host.selection();
    const scene = host.scene();
    const current = this.currentNode();
    if (command.do === 'go') {
      const next = current >= 0 ? nextNode(scene, current, command.direction) : nearestNode(scene, host.camera.x, host.camera.y);
      if (next >= 0) this.goTo(next, command.extend);
    } else if (command.do === 'nudge') {
      const [dx, dy] = vectorOf[command.direction];
      const places = [...host.marks.selectedNodes].map(number => {
        const {x, y} = scene.nodes[number]!;
        return {number, x: x + dx * gridStep, y: y + dy * gridStep};
      });
      if (places.length > 0) host.moveNodes(places);
    } else if (command.do === 'zoom') host.zoomBy(command.factor);
    else if (command.do === 'fit') host.zoomTo('all');
    else if (command.do === 'fit selection') host.zoomTo('selection');
    else if (command.do === 'select all') host.select(scene.nodes.map(node => nodeRef(node.view.id)));
    else if (command.do === 'delete') {
      if (selection.length === 0) return false;
      host.emit('delete', {elements: selection});
    } else if (command.do === 'open') {
      if (this.connectFrom >= 0 && current >= 0) this.connectTo(current);
      else if (selection.length === 1) host.emit('open', {element: selection[0]!});
      else return false;
    } else if (command.do === 'escape') {
      if (this.stopConnecting() || this.interaction.stopConnecting()) return true;
      if (selection.length === 0) return false;
      host.select([]);
    } else if (command.do === 'fire') {
      for (const number of host.marks.selectedNodes) {
        const {view} = scene.nodes[number]!;
        if (view.kind === 'neuron' && view.single && view.first >= 0) host.emit('fire', {node: view.id, neuron: view.first});
      }
    } else if (command.do === 'connect') {
      if (current < 0) return false;
      if (this.connectFrom >= 0) this.connectTo(current);
      else {
        this.connectFrom = current;
        host.emit('connect-start', {from: {node: scene.nodes[current]!.view.id, neuron: this.neuronOf(current)}});
      }
    } else if (command.do === 'menu') this.openMenu(selection);
    return true;
  }

  sceneReplaced(): void {
    this.connectFrom = -1;
  }

  private goTo(number: number, extend: boolean): void {
    const {host} = this;
    const element = nodeRef(host.scene().nodes[number]!.view.id);
    const others = extend ? host.selection().filter(other => elementKey(other) !== elementKey(element)) : [];
    host.select([...others, element]);
    host.reveal(number);
    if (this.connectFrom < 0) return;
    const {x, y} = host.scene().nodes[number]!;
    host.overlay.content.connecting = {from: this.connectFrom, to: number, place: {x, y}};
  }

  private connectTo(number: number): void {
    const {host} = this;
    const from = this.connectFrom;
    this.stopConnecting();
    const end = (node: number) => ({node: host.scene().nodes[node]!.view.id, neuron: this.neuronOf(node)});
    host.emit('connect', {from: end(from), to: end(number)});
  }

  private stopConnecting(): boolean {
    if (this.connectFrom < 0) return false;
    this.connectFrom = -1;
    this.host.overlay.content.connecting = null;
    this.host.emit('connect-start', {from: null});
    this.host.redraw();
    return true;
  }

  private openMenu(selection: ElementRef[]): void {
    const {host} = this;
    const box = selection.length > 0 ? host.scene().boxOf(selection) : null;
    const place = box ? {x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2} : {x: host.camera.x, y: host.camera.y};
    const screen = host.camera.toScreen(place);
    const bounds = host.canvas.getBoundingClientRect();
    const current = this.currentNode();
    host.emit('context-menu', {
      ...place,
      clientX: bounds.left + screen.x,
      clientY: bounds.top + screen.y,
      shift: false,
      alt: false,
      ctrl: false,
      element: selection.at(-1) ?? null,
      neuron: current >= 0 ? this.neuronOf(current) : -1,
    });
  }

  /** The node selected last. */
  private currentNode(): number {
    const last = this.host.selection().at(-1);
    return last?.kind === 'node' ? this.host.scene().nodeNumber(last.id) : -1;
  }

  private neuronOf(number: number): number {
    const {kind, single, first} = this.host.scene().nodes[number]!.view;
    return kind === 'neuron' && single ? first : -1;
  }
}
