import type {CircuitView, OutlineNode} from '@flux/engine';
import {childPath} from './session';

/**
 * The nodes of the outline, with what the circuit that is shown has inside: the engine's outline ends at instances, whose bodies are written
 * elsewhere. A circuit that lies in none of its nodes (a prototype by itself, another copy than the first) comes behind them.
 */
export function withOpenCircuit(children: OutlineNode[], view: CircuitView): OutlineNode[] {
  if (view.path === '') return children;
  let isPlaced = false;
  const fill = (nodes: OutlineNode[]): OutlineNode[] =>
    nodes.map(node => {
      if (node.path === view.path) {
        isPlaced = true;
        return node.children ? node : {...node, children: view.nodes.map(inside => nodeOf(inside, view.path))};
      }
      return node.children && view.path.startsWith(`${node.path}/`) ? {...node, children: fill(node.children)} : node;
    });
  const filled = fill(children);
  if (isPlaced) return filled;
  const open: OutlineNode = {
    id: view.path.split('/').at(-1)!,
    kind: 'circuit',
    path: view.path,
    count: 1,
    title: view.title,
    prototype: view.source.kind === 'prototype' ? view.source.name : undefined,
    children: view.nodes.map(inside => nodeOf(inside, view.path)),
  };
  return [...filled, open];
}

function nodeOf({id, kind, count, copies, title, prototype, group, generator}: CircuitView['nodes'][number], around: string): OutlineNode {
  const path = childPath(around, copies === undefined ? id : `${id}[0]`);
  return {id, kind, path, count: kind === 'neuron' ? count : (copies ?? 1), title, prototype, group, generator};
}
