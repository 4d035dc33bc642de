import {type CanvasEvents, CanvasView, type ConnectionEnd} from '@flux/canvas';
import {useEffect, useRef, useState} from 'react';
import {deleteSelection} from '../commands/edit';
import {useSession, useStudio} from '../context';
import {t, useLocale} from '../i18n';
import {setComment, setNode} from '../session/operations';
import {childPath, type Session} from '../session/session';
import {canvasMenu, commentMenu, nodeMenu, severalMenu} from './menus';

/** The live canvas. It draws by itself; here its events become edits, selections and dialogs. */
export function CanvasArea() {
  const session = useSession();
  const host = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const theme = useStudio(state => state.theme);
  const locale = useLocale();
  const isEmpty = useStudio(state => state.view !== null && state.view.nodes.length === 0 && state.view.comments.length === 0);

  useEffect(() => {
    let canvas: CanvasView;
    const state = session.state.get();
    // Made by hand: a canvas that gave its graphics back can never draw again.
    const element = document.createElement('canvas');
    element.tabIndex = 0;
    element.setAttribute('role', 'img');
    host.current!.prepend(element);
    try {
      // ?graphics=webgpu|webgl2|software overrules what the canvas would choose.
      const graphics = new URLSearchParams(location.search).get('graphics');
      canvas = new CanvasView(element, {
        theme: state.theme,
        tool: state.tool,
        detail: state.detail,
        // By the tools, and by the time machine.
        covered: [52, 24],
        graphics: graphics === 'webgpu' || graphics === 'webgl2' || graphics === 'software' ? graphics : undefined,
      });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return;
    }
    session.attach(canvas);
    const stops = [...listenTo(canvas, session), canvas.on('failed', ({message}) => setProblem(message))];
    // Who turns to a panel meant to select, not to begin a connection.
    const turnAway = (event: PointerEvent) => event.target !== element && canvas.setTool(canvas.tool());
    addEventListener('pointerdown', turnAway);
    return () => {
      removeEventListener('pointerdown', turnAway);
      for (const stop of stops) stop();
      session.attach(null);
      canvas.destroy();
      element.remove();
    };
  }, [session]);

  // Numbers are drawn as the language writes them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew with the language
  useEffect(() => session.canvas?.setTheme(theme), [session, theme, locale]);
  useEffect(() => host.current?.querySelector('canvas')?.setAttribute('aria-label', t('panel.canvas')));

  return (
    <div ref={host} className="canvas-host" data-tour="canvas">
      {problem && (
        <div className="crash" role="alert">
          <h2>{t('error.noCanvas')}</h2>
          <p>{t('error.noCanvasFix')}</p>
        </div>
      )}
      {isEmpty && !problem && (
        <div className="empty-canvas">
          <h2>{t('empty.title')}</h2>
          <p>{t('empty.help')}</p>
          <button type="button" className="button outlined" onClick={() => session.showDialog({kind: 'gallery'})}>
            {t('empty.action')}
          </button>
        </div>
      )}
    </div>
  );
}

function listenTo(canvas: CanvasView, session: Session): (() => void)[] {
  return [
    canvas.on('select', ({elements}) => session.select(elements)),
    canvas.on('click-node', ({node, neuron}) => session.lookAtCell(node, neuron)),
    canvas.on('click-single', ({synapse}) => session.state.set({single: synapse, rightOpen: true, rightTab: 'inspector'})),
    canvas.on('click-empty', place => {
      if (session.state.get().dialog) session.showDialog(null);
      else session.showDialog({kind: 'new-node', place, type: 'neuron'});
    }),
    canvas.on('add-comment', place => session.showDialog({kind: 'new-comment', place})),
    canvas.on('fire', ({neuron}) => neuron >= 0 && session.fire([neuron])),
    canvas.on('connect', ({from, to}) => connect(canvas, session, from, to)),
    canvas.on('move', event => void move(session, event)),
    canvas.on('resize', event => void resize(session, event)),
    canvas.on('delete', () => void deleteSelection(session)),
    canvas.on('open', ({element}) => element.kind === 'node' && open(session, element.id)),
    canvas.on('double-click-node', ({node, neuron}) => open(session, node, neuron)),
    canvas.on('context-menu', event => {
      const selected = session.state.get().selection.length;
      const single = event.element?.kind === 'comment' ? commentMenu : nodeMenu;
      const commands = event.element === null ? canvasMenu : selected > 1 ? severalMenu : single;
      if (event.element === null) session.lastPlace = event;
      session.state.set({menu: {x: event.clientX, y: event.clientY, commands}});
    }),
    canvas.on('context', ({lost}) => lost && session.warn(t('error.contextLost'), t('error.contextLostFix'))),
  ];
}

function connect(canvas: CanvasView, session: Session, from: ConnectionEnd, to: ConnectionEnd): void {
  const target = session.node(to.node);
  const [x, y] = target?.position ?? [0, 0];
  const at = canvas.camera.toScreen({x, y});
  const box = canvas.canvas.getBoundingClientRect();
  session.showDialog({kind: 'new-synapse', from, to, place: {x, y, clientX: box.left + at.x + 20, clientY: box.top + at.y}});
}

async function move(session: Session, {items}: CanvasEvents['move']): Promise<void> {
  const {view} = session.state.get();
  if (!view) return;
  const operations = items.flatMap(({element, position}) => {
    const place = {position: rounded(position)};
    if (element.kind === 'node') return [setNode(view, element.id, place)];
    return element.kind === 'comment' ? [setComment(view, Number(element.id), place)] : [];
  });
  const applied = await session.apply(operations, {key: 'edit.move', values: {count: items.length}});
  // What was refused goes back to where it was.
  if (!applied) session.showView();
}

async function resize(session: Session, {element, position, size}: CanvasEvents['resize']): Promise<void> {
  const {view} = session.state.get();
  if (!view || element.kind === 'edge') return;
  const properties = {position: rounded(position), size: rounded(size)};
  const operation = element.kind === 'node' ? setNode(view, element.id, properties) : setComment(view, Number(element.id), properties);
  const applied = await session.apply([operation], {key: 'edit.resize', values: {count: 1}});
  if (!applied) session.showView();
}

const rounded = ([x, y]: [number, number]): [number, number] => [Math.round(x), Math.round(y)];

/** A circuit opens in a tab; anything else is edited on the right. */
function open(session: Session, id: string, neuron = -1): void {
  const node = session.node(id);
  if (node?.kind === 'circuit' || node?.kind === 'generator') {
    const perCopy = node.copies === undefined ? 0 : node.count / node.copies;
    const copy = neuron >= 0 && perCopy > 0 ? Math.floor((neuron - node.first) / perCopy) : 0;
    void session.openTab(childPath(session.state.get().active, node.copies === undefined ? id : `${id}[${copy}]`));
    return;
  }
  session.select([{kind: 'node', id}]);
  session.state.set({rightOpen: true, rightTab: 'inspector'});
}
