// The live raster of `flux run --watch`: the last second of spikes, scrolling through the whole terminal.
#pragma once

#include <bitset>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "flux.h"
#include "runner.h"
#include "terminal.h"
#include "text_raster.h"

namespace flux::cli {

class Watch {
 public:
  // `rewinds`: whether the person may go back in time; nothing must be recorded to a file meanwhile.
  Watch(Network& network, const std::vector<std::string>& labels, bool rewinds);

  void add(Tick tick, std::span<const NeuronIndex> neurons);
  // Obeys the keyboard and draws at most 25 times a second. False when the person wants to quit.
  bool update(Runner& runner);
  std::uint64_t spikes() const { return spikes_; }  // up to now; those that were gone back before do not count

 private:
  // At most so many neurons are remembered, evenly chosen, whatever the height of the terminal is or becomes.
  static constexpr std::size_t FLUX_MOST_SHOWN = 512;
  struct Moment {
    Tick tick = -1;
    std::uint32_t spikes = 0;            // of all neurons
    std::bitset<FLUX_MOST_SHOWN> fired;  // of the shown ones
  };
  // The part of the past that is on the screen: each dot column holds the same whole ticks for ever, so that nothing flickers.
  struct Window {
    Tick ticks_per_dot;
    Tick first_dot;
    Tick dots;
    Tick first_tick() const { return first_dot * ticks_per_dot; }
  };

  bool obey(char key, Runner& runner);
  void go_back(Runner& runner);
  const Moment* moment(Tick tick) const;
  Window window(int columns) const;
  void draw_spikes(const Window& window, const RowLayout& layout, DotCanvas& canvas) const;
  std::vector<double> rates(const Window& window) const;  // Hz per neuron, for each character
  std::string frame(const Runner& runner, TerminalSize size) const;
  std::string head(const Runner& runner, int columns) const;
  std::string foot(const Runner& runner, int columns) const;

  Network& network_;
  const std::vector<std::string>& labels_;
  std::size_t shown_;            // neurons that have a bit in Moment::fired
  std::vector<Moment> moments_;  // a ring: the moment of tick t is at t % size
  std::uint64_t spikes_ = 0;
  Tick start_;
  double tick_seconds_;
  std::chrono::steady_clock::time_point next_frame_;
  bool rewinds_;
  Palette palette_;
  Screen screen_;
};

}  // namespace flux::cli
