// Numbers and times as a person likes to read them, and the small CSV dialect of the shell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/properties.h"

namespace flux::cli {

std::string grouped(std::uint64_t number);                         // 1234567 -> "1,234,567"
std::string counted(std::uint64_t count, std::string_view thing);  // "1 synapse", "2,000 synapses"
std::string bytes_text(std::uint64_t bytes);                       // "3.2 MiB"
std::string seconds_text(double seconds);                          // "13 ms", "1.25 s", "2 min 5 s"
std::string hertz_text(double hertz);                              // "0.25 Hz", "13.3 Hz", "1,530 Hz"
std::string factor_text(double factor);                            // "0.5x", "12.3x", "1,530x"
std::string decimal(std::int64_t value, int unit_bits);            // value / 2^unit_bits, exactly: decimal(40, 4) = "2.5"

double seconds_of(Tick ticks, std::uint32_t tick_microseconds);
double rate_hz(std::uint64_t spikes, std::uint64_t neurons, double seconds);  // mean spikes per neuron and second

// Columns that a text takes on a terminal (UTF-8, no wide characters), and the text cut to at most `columns` of them.
std::size_t width_of(std::string_view text);
std::string cut_to(std::string_view text, std::size_t columns);
std::string pad_to(std::string_view text, std::size_t columns, bool right = false);

// The text in lines of at most `columns`, broken at spaces and at its own line ends.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

// The text with what is not UTF-8 replaced by question marks, and control characters but line ends written as \x1b.
std::string printable(std::string_view text);

std::string csv_field(std::string_view text);                    // quoted where it must be
std::vector<std::string> split_csv_line(std::string_view line);  // fields without quotes and surrounding spaces

}  // namespace flux::cli
