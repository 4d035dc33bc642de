export const tourEn = {
  'tour.next': 'Next',
  'tour.back': 'Back',
  'tour.done': 'Start building',
  'tour.progress': '{current} of {total}',
  'tour.welcome': 'This network is alive',
  'tour.welcome.text':
    'Each circle is a neuron. It fills as signals arrive, and flashes green when it fires. Nothing is recorded: you look at it live.',
  'tour.touch': 'Touch it',
  'tour.touch.text': 'Hold Alt and click a neuron to fire it, and watch the spike travel along its synapses.',
  'tour.build': 'Build',
  'tour.build.text':
    'Click the empty canvas for a new neuron. Click one neuron and then another for a synapse. It all acts at once, while the network runs.',
  'tour.tune': 'Tune',
  'tour.tune.text': 'What you select shows here. Move a slider and see what it does. Undo is never far.',
  'tour.time': 'Time is yours',
  'tour.time.text': 'Pause, step, slow down, or go back in time and ask why a neuron fired.',
  'tour.explore': 'Take what is there',
  'tour.explore.text': 'Examples, organs to touch, and generators that make whole networks of a few settings.',
};
