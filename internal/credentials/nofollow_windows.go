package credentials

// noFollow is nothing here: links need a right of their own on Windows, and Lstat has looked.
const noFollow = 0
