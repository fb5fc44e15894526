package auth_test

const busNeeded = true
