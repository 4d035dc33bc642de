// The shell on a terminal: the live raster, the progress bar, and the terminal as it was afterwards.
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <utmp.h>

#include <algorithm>

#include "cli_test_support.h"

namespace flux {
namespace {

// A terminal of its own with the shell running in it.
class Terminal {
 public:
  Terminal(const std::filesystem::path& folder, const std::vector<std::string>& arguments, unsigned short columns, unsigned short lines) {
    winsize size{lines, columns, 0, 0};
    // The other end is kept open, so that the state of the terminal can be seen after the shell has gone.
    if (::openpty(&master_, &slave_, nullptr, nullptr, &size) != 0) return;
    ::tcgetattr(slave_, &before_);
    process_ = ::fork();
    if (process_ != 0) return;
    ::login_tty(slave_);
    ::setenv("TERM", "xterm-256color", 1);
    ::unsetenv("NO_COLOR");
    if (::chdir(folder.c_str()) != 0) std::_Exit(126);
    become_flux(arguments);
  }
  ~Terminal() {
    ::close(master_);
    ::close(slave_);
  }

  // Reads what is shown until it has `text` (since the last call); false when the shell falls silent for long.
  bool shows(const std::string& text) {
    while (seen_.find(text) == std::string::npos) {
      if (!read_more(20'000)) return false;
    }
    last_ = seen_;
    seen_.clear();
    return true;
  }
  void type(const std::string& keys) const { ASSERT_EQ(::write(master_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size())); }
  void resize(unsigned short columns, unsigned short lines) const {
    winsize size{lines, columns, 0, 0};
    ::ioctl(master_, TIOCSWINSZ, &size);
  }
  int exit() {
    const int status = exit_status(process_);
    while (read_more(0)) {
    }
    return status;
  }
  const std::string& rest() const { return seen_; }
  const std::string& last() const { return last_; }
  bool is_as_before() const {
    termios now{};
    ::tcgetattr(slave_, &now);
    return now.c_lflag == before_.c_lflag;
  }

 private:
  bool read_more(int wait_ms) {
    pollfd input{master_, POLLIN, 0};
    if (::poll(&input, 1, wait_ms) <= 0) return false;
    char bytes[4096];
    const ssize_t count = ::read(master_, bytes, sizeof bytes);
    if (count <= 0) return false;
    seen_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int master_ = -1, slave_ = -1;
  pid_t process_ = -1;
  termios before_{};
  std::string seen_, last_;
};

// The longest line of a frame, in columns, without colours.
std::size_t widest_line(const std::string& frame) {
  std::size_t widest = 0, width = 0;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    if (frame[i] == '\x1b') {
      while (i + 1 < frame.size() && !std::isalpha(static_cast<unsigned char>(frame[i + 1]))) ++i;
      ++i;
    } else if (frame[i] == '\r' || frame[i] == '\n') {
      width = 0;
    } else if ((static_cast<unsigned char>(frame[i]) & 0xC0U) != 0x80U) {
      widest = std::max(widest, ++width);
    }
  }
  return widest;
}

class CliTerminal : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    write("pace.json", FLUX_PACEMAKER);
  }
};

TEST_F(CliTerminal, WatchDrawsFollowsTheWindowAndCleansUp) {
  Terminal terminal(folder_, {"run", "pace.json", "--watch", "--record", "spikes.csv"}, 80, 24);
  ASSERT_TRUE(terminal.shows("\x1b[?1049h")) << "the alternate screen";
  EXPECT_TRUE(terminal.shows("Pacemaker"));
  ASSERT_TRUE(terminal.shows("⠇")) << "a spike of a row that has a line of its own";
  ASSERT_TRUE(terminal.shows("\x1b[?2026l"));
  ASSERT_TRUE(terminal.shows("\x1b[?2026l"));
  EXPECT_EQ(widest_line(terminal.last()), 80u);

  terminal.resize(100, 30);
  for (int frame = 0; frame < 3; ++frame) ASSERT_TRUE(terminal.shows("\x1b[?2026l"));
  EXPECT_EQ(widest_line(terminal.last()), 100u);
  const std::string frame = terminal.last();
  EXPECT_LT(std::count(frame.begin(), frame.end(), '\n'), 30);

  terminal.resize(20, 6);
  for (int small = 0; small < 3; ++small) ASSERT_TRUE(terminal.shows("\x1b[?2026l"));

  terminal.type(" ");
  terminal.resize(80, 24);
  EXPECT_TRUE(terminal.shows("paused"));
  terminal.type("q");
  EXPECT_EQ(terminal.exit(), 0);
  EXPECT_NE(terminal.rest().find("\x1b[?25h"), std::string::npos) << "the cursor is back";
  EXPECT_NE(terminal.rest().find("\x1b[?1049l"), std::string::npos) << "the screen is back";
  EXPECT_TRUE(terminal.is_as_before());
  EXPECT_TRUE(read("spikes.csv").starts_with("tick,neuron\n10,pace\n13,follower\n"));
}

TEST_F(CliTerminal, CtrlCEndsWatchingAndKeepsTheRecord) {
  Terminal terminal(folder_, {"run", "pace.json", "--watch", "--record", "spikes.csv"}, 80, 24);
  ASSERT_TRUE(terminal.shows("⠇"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.exit(), 0);
  EXPECT_TRUE(terminal.is_as_before());
  EXPECT_TRUE(read("spikes.csv").starts_with("tick,neuron\n10,pace\n"));
}

TEST_F(CliTerminal, AProgressBarTellsTheRealTimeFactor) {
  Terminal terminal(folder_, {"run", "pace.json", "--for", "10000h"}, 80, 24);
  ASSERT_TRUE(terminal.shows("real time\x1b[K"));
  EXPECT_NE(terminal.last().find("━"), std::string::npos);
  terminal.type("\x03");
  EXPECT_EQ(terminal.exit(), 0);
  EXPECT_NE(terminal.rest().find("stopped"), std::string::npos);
}

}  // namespace
}  // namespace flux
