import type {ElementRef} from '@flux/canvas';
import type {CommentView, EdgeView, OutlineNode} from '@flux/engine';
import {
  Box,
  Check,
  ChevronDown,
  ChevronRight,
  Circle,
  CircleDot,
  CircuitBoard,
  Link,
  MessageSquare,
  Puzzle,
  Shapes,
  Spline,
} from 'lucide-react';
import {type KeyboardEvent, useMemo, useRef, useState} from 'react';
import {useSession, useStudio} from '../context';
import {formatNumber, t, useLocale} from '../i18n';
import {edgeName} from '../session/operations';
import {withOpenCircuit} from '../session/outline';
import {parentPath, type Session} from '../session/session';
import {Icon, type IconType} from '../widgets/Icon';
import {weightText} from './inspector/Connections';
import {commentMenu, nodeMenu, severalMenu} from './menus';

const rowHeight = 26;
/** Rows drawn beyond what is seen, on either side. */
const margin = 12;

/** A node, an edge, a comment, or what stands above all edges or comments. */
interface Row {
  key: string;
  depth: number;
  node?: OutlineNode;
  edge?: EdgeView;
  comment?: CommentView;
  /** Of what stands above others: how many there are. */
  count?: number;
  /** Undefined: nothing is inside. */
  isOpen?: boolean;
}

const edgesKey = ' edges';
const commentsKey = ' comments';

/** The whole circuit as a tree: everything can be found, selected, opened and edited from here by keyboard alone. Draws only what is seen. */
export function Outline() {
  const session = useSession();
  const outline = useStudio(state => state.outline);
  const view = useStudio(state => state.view);
  const selection = useStudio(state => state.selection);
  useLocale();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState(0);
  const [top, setTop] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  /** Where a selection of several rows begins. */
  const anchor = useRef(0);

  const children = useMemo(() => outline?.children && view && withOpenCircuit(outline.children, view), [outline, view]);
  const rows = useMemo(() => {
    const made: Row[] = [];
    const shown = view?.path ?? '';
    const group = <T,>(key: string, depth: number, list: T[] | undefined, row: (element: T) => Row) => {
      if (!list || list.length === 0) return;
      const isOpen = opened.has(key);
      made.push({key, depth, isOpen, count: list.length});
      if (isOpen) for (const element of list) made.push(row(element));
    };
    /** Connections and comments of the circuit that is shown stand in it. */
    const groups = (depth: number) => {
      group(edgesKey, depth, view?.edges, edge => ({key: `edge ${edge.list} ${edge.index}`, depth: depth + 1, edge}));
      group(commentsKey, depth, view?.comments, comment => ({key: `comment ${comment.index}`, depth: depth + 1, comment}));
    };
    const visit = (node: OutlineNode, depth: number) => {
      const inside = node.children ?? [];
      const opensItself = (depth < 1 && inside.length <= 30) || `${shown}/`.startsWith(`${node.path}/`);
      const isOpen = inside.length > 0 ? opened.has(node.path) || (opensItself && !closed.has(node.path)) : undefined;
      made.push({key: node.path, depth, node, isOpen});
      if (!isOpen) return;
      for (const child of inside) visit(child, depth + 1);
      if (node.path === shown) groups(depth + 1);
    };
    for (const child of children ?? []) visit(child, 0);
    if (shown === '') groups(0);
    return made;
  }, [children, view, closed, opened]);
  const selected = useMemo(() => new Set(selection.map(keyOf)), [selection]);

  const isSelected = ({node, key}: Row) =>
    node ? parentPath(node.path) === view?.path && selected.has(`node ${node.id}`) : selected.has(key);
  const select = (row: Row) => {
    const element = elementOf(row);
    if (row.node) void selectNode(session, row.node);
    else if (element) session.select([element]);
  };
  /** What is shown of the open circuit can be selected together: with Shift all from the row that has the focus, with Ctrl one more or less. */
  const selectWith = (to: number, {shiftKey, ctrlKey, metaKey}: {shiftKey: boolean; ctrlKey: boolean; metaKey: boolean}) => {
    const row = rows[to]!;
    const isShown = ({node}: Row) => !node || parentPath(node.path) === view?.path;
    if (!isShown(row) || !(shiftKey || ctrlKey || metaKey)) return select(row);
    const several = shiftKey ? rows.slice(Math.min(anchor.current, to), Math.max(anchor.current, to) + 1) : [row];
    const elements = several.filter(isShown).flatMap(one => elementOf(one) ?? []);
    if (shiftKey) session.select(elements);
    else if (elements.length === 0) return;
    else if (isSelected(row)) session.select(selection.filter(one => keyOf(one) !== keyOf(elements[0]!)));
    else session.select([...selection, ...elements]);
  };
  const toggle = ({key, isOpen}: Row) => {
    setClosed(keys => with_(keys, key, isOpen ?? false));
    setOpened(keys => with_(keys, key, !isOpen));
  };
  const canOpen = ({node}: Row) => node?.kind === 'circuit' || node?.kind === 'generator';
  const open = ({node}: Row) => node && void session.openTab(node.path);

  if (rows.length === 0) return <p className="empty">{t('outline.empty')}</p>;

  const at = Math.min(focus, rows.length - 1);
  const moveTo = (next: number, event?: KeyboardEvent) => {
    const to = Math.min(rows.length - 1, Math.max(0, next));
    setFocus(to);
    if (!event?.shiftKey) anchor.current = to;
    selectWith(to, {shiftKey: event?.shiftKey ?? false, ctrlKey: false, metaKey: false});
    const scroller = list.current!.parentElement!;
    const y = to * rowHeight;
    if (y < scroller.scrollTop) scroller.scrollTop = y;
    else if (y + rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = y + rowHeight - scroller.clientHeight;
  };
  const key = (event: KeyboardEvent) => {
    const row = rows[at]!;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case 'ArrowDown':
        moveTo(at + 1, event);
        break;
      case 'ArrowUp':
        moveTo(at - 1, event);
        break;
      case 'Home':
        moveTo(0);
        break;
      case 'End':
        moveTo(rows.length - 1);
        break;
      case 'ArrowRight':
        if (row.isOpen === false) toggle(row);
        else if (row.isOpen) moveTo(at + 1);
        break;
      case 'ArrowLeft':
        if (row.isOpen) toggle(row);
        else moveTo(rows.slice(0, at).findLastIndex(other => other.depth < row.depth));
        break;
      case 'Enter':
        if (canOpen(row)) open(row);
        else if (row.count !== undefined) toggle(row);
        else {
          select(row);
          requestAnimationFrame(() => document.querySelector<HTMLElement>('#right-panel input, #right-panel button')?.focus());
        }
        break;
      case ' ':
        select(row);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  const last = Math.min(rows.length, first + 60 + margin * 2);
  return (
    <div
      ref={list}
      role="tree"
      aria-multiselectable
      aria-label={t('panel.outline')}
      className="tree"
      tabIndex={0}
      aria-activedescendant={`row-${at}`}
      style={{height: rows.length * rowHeight}}
      onKeyDown={key}
      onFocus={() => {
        const scroller = list.current?.parentElement;
        if (scroller) scroller.onscroll = () => setTop(scroller.scrollTop);
      }}
      onPointerEnter={() => {
        const scroller = list.current?.parentElement;
        if (scroller) scroller.onscroll = () => setTop(scroller.scrollTop);
      }}
    >
      {rows.slice(first, last).map((row, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
        // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus
        <div
          key={row.key}
          id={`row-${first + i}`}
          role="treeitem"
          aria-level={row.depth + 1}
          aria-expanded={row.isOpen}
          aria-selected={isSelected(row)}
          className={`tree-row ${first + i === at ? 'current' : ''}`}
          style={{top: (first + i) * rowHeight, paddingLeft: 8 + row.depth * 14}}
          onClick={event => {
            setFocus(first + i);
            if (!event.shiftKey) anchor.current = first + i;
            selectWith(first + i, event);
            if (row.count !== undefined) toggle(row);
          }}
          onDoubleClick={canOpen(row) ? () => open(row) : undefined}
          onContextMenu={event => {
            event.preventDefault();
            setFocus(first + i);
            const several = selection.length > 1 && isSelected(row);
            if (!several) select(row);
            session.state.set({
              menu: {x: event.clientX, y: event.clientY, commands: several ? severalMenu : row.comment ? commentMenu : nodeMenu},
            });
          }}
        >
          {row.isOpen !== undefined ? (
            // biome-ignore lint/a11y/useKeyWithClickEvents: arrow keys do the same
            // biome-ignore lint/a11y/noStaticElementInteractions: the row carries the role
            <span
              className="twisty"
              onClick={event => {
                event.stopPropagation();
                toggle(row);
              }}
            >
              <Icon of={row.isOpen ? ChevronDown : ChevronRight} size={14} />
            </span>
          ) : (
            <span className="twisty" />
          )}
          <RowText row={row} />
        </div>
      ))}
    </div>
  );
}

function RowText({row: {key, node, edge, comment, count}}: {row: Row}) {
  if (comment) {
    return (
      <>
        <Icon of={comment.resolved ? Check : MessageSquare} size={14} />
        <span className="grow">{comment.text}</span>
        <span className="hint">{comment.resolved ? t('comment.resolved') : comment.author}</span>
      </>
    );
  }
  const hint = node ? (node.count > 1 ? `×${formatNumber(node.count)}` : node.title) : edge ? weightText(edge) : formatNumber(count ?? 0);
  const group = key === commentsKey ? t('outline.comments') : t('outline.synapses');
  return (
    <>
      <Icon of={node ? iconOf(node) : key === commentsKey ? MessageSquare : Spline} size={14} />
      <span className="grow">{node?.id ?? (edge ? edgeName(edge) : group)}</span>
      {hint && <span className="hint">{hint}</span>}
    </>
  );
}

function with_(keys: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(keys);
  if (isIn) next.add(key);
  else next.delete(key);
  return next;
}

function iconOf(node: OutlineNode): IconType {
  if (node.kind === 'organ') return CircuitBoard;
  if (node.kind === 'neuron') return node.count > 1 ? CircleDot : Circle;
  if (node.group) return Link;
  if (node.generator) return Shapes;
  return node.prototype ? Puzzle : Box;
}

function elementOf({node, edge, comment}: Row): ElementRef | null {
  if (node) return {kind: 'node', id: node.id};
  if (edge) return {kind: 'edge', list: edge.list, index: edge.index};
  return comment ? {kind: 'comment', id: String(comment.index)} : null;
}

function keyOf(element: ElementRef): string {
  return element.kind === 'edge' ? `edge ${element.list} ${element.index}` : `${element.kind} ${element.id}`;
}

async function selectNode(session: Session, node: OutlineNode): Promise<void> {
  if (parentPath(node.path) !== session.state.get().active) await session.openTab(parentPath(node.path));
  session.select([{kind: 'node', id: node.id}]);
}
