// What draws in a worker.
export {RemoteRenderer} from './graphics/remoteRenderer';
