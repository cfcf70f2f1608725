// Loaded before the program: its clock goes back by a day once it has been asked a hundred times.
const tell = Date.now.bind(Date);
let asked = 0;
Date.now = () => {
  asked += 1;
  return asked > 100 ? tell() - 86_400_000 : tell();
};
