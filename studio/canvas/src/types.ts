// What the canvas reads of the engine's answers. Positions and sizes are in world units; a position is the centre of its node.
import type {EdgeView as EngineEdge, CircuitView as EngineView} from '@flux/engine';

export type {CommentView, EndView, Frame, NodeView, Port} from '@flux/engine';

export interface EdgeView extends EngineEdge {
  /** Mean learned part, in 1/256 of a weight. */
  learned?: number;
}

export interface CircuitView extends EngineView {
  edges: EdgeView[];
}
