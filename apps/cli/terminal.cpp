#include "terminal.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace flux::cli {
namespace {

constexpr int FLUX_STOP_SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};  // SIGHUP: the terminal was closed

volatile std::sig_atomic_t stop_signal = 0;

void remember_stop(int signal) {
  stop_signal = signal;
  for (const int each : FLUX_STOP_SIGNALS) std::signal(each, SIG_DFL);
}

// Alternate screen, no cursor, no line wrap; and back.
constexpr std::string_view FLUX_ENTER_SCREEN = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
constexpr std::string_view FLUX_LEAVE_SCREEN = "\x1b[?7h\x1b[?25h\x1b[?1049l";
// Frames are shown whole by terminals that know this; others ignore it.
constexpr std::string_view FLUX_BEGIN_FRAME = "\x1b[?2026h\x1b[H";
constexpr std::string_view FLUX_END_FRAME = "\x1b[J\x1b[?2026l";

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

bool is_terminal(std::FILE* stream) { return ::isatty(::fileno(stream)) == 1; }

TerminalSize terminal_size(std::FILE* stream) {
  winsize size{};
  if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

Palette::Palette(std::FILE* stream) : colours_(is_terminal(stream) && std::getenv("NO_COLOR") == nullptr) {}

std::string Palette::paint(const char* code, std::string_view text) const {
  return colours_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = remember_stop;
  for (const int signal : FLUX_STOP_SIGNALS) sigaction(signal, &action, nullptr);
}

bool stop_requested() { return stop_signal != 0; }

struct Screen::Saved {
  termios modes{};
  bool has_modes = false;
};

Screen::Screen() : saved_(std::make_unique<Saved>()) {
  if (::tcgetattr(STDIN_FILENO, &saved_->modes) == 0) {
    saved_->has_modes = true;
    termios quiet = saved_->modes;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
  }
  put(FLUX_ENTER_SCREEN);
}

Screen::~Screen() {
  put(FLUX_LEAVE_SCREEN);
  if (saved_->has_modes) ::tcsetattr(STDIN_FILENO, TCSANOW, &saved_->modes);
}

void Screen::show(const std::string& frame) {
  std::string text(FLUX_BEGIN_FRAME);
  for (const char letter : frame) {
    if (letter == '\n') text += "\x1b[K\r";
    text += letter;
  }
  text += FLUX_END_FRAME;
  put(text);
}

char Screen::key() {
  if (!saved_->has_modes) return 0;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  char letter = 0;
  if (::poll(&input, 1, 0) > 0 && (input.revents & POLLIN) != 0 && ::read(STDIN_FILENO, &letter, 1) == 1) return letter;
  return 0;
}

}  // namespace flux::cli
