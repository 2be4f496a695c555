const WORDS = `
  12345678 123456789 1234567890 12345678910 123123123 123456123456 987654321 9876543210
  0987654321 0123456789 1234512345 123321123321 12345678901234 123456789012345 1234567890123456
  123456789123456789 12345678901234567890 123456789123456 987654321987654321 112233445566
  11223344556677889900 147258369 147258369147258369 789456123 741852963 password password1
  password12 password123 password1234 password12345 password123456 password1234567
  password12345678 password123456789 passwordpassword password1password1 password123password123
  passw0rd passw0rd123 passw0rdpassw0rd mypassword mypassword123 thisismypassword
  thisisapassword thisismypassword1 changeme changeme123 changemechangeme changethispassword
  pleasechangeme letmein1 letmein123 letmeinletmein letmeinplease pleaseletmein welcome1
  welcome123 welcomewelcome qwertyui qwertyuiop qwerty123 qwerty1234 qwerty12345 qwerty123456
  qwertyqwerty qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm qwertyuiop123 qwertyuiop123456
  qwertyuiop1234567890 qwertyuiopqwertyuiop qwertyasdfzxcv asdfghjkl asdfghjklasdfghjkl
  asdfasdfasdf asdfqwer1234 zxcvbnmzxcvbnm 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u
  1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6 q1w2e3r4t5y6u7i8
  1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb qazwsxedc qazwsxedcrfv
  qazwsxedcrfvtgb zaq12wsx 1qazxsw2 zaq1zaq1zaq1 abcd1234 abc123abc123 abc123456 abcdefgh
  abcdefghi abcdefghij abcdefghijklmno abcdefghijklmnop abcdefghijklmnopqrstuvwxyz a1b2c3d4
  a1b2c3d4e5f6 a1b2c3d4e5f6g7h8 aa123456 abcd12345678 abcdefg1234567 iloveyou iloveyou1
  iloveyou123 iloveyouiloveyou iloveyousomuch iloveyouforever ilovemyfamily princess princess1
  princessprincess sunshine sunshine1 sunshinesunshine football football1 footballfootball
  baseball baseball1 baseballbaseball superman superman1 supermansuperman trustno1
  trustno1trustno1 administrator administrator1 adminadmin adminadminadmin admin123 admin1234
  admin12345 admin123456 admin123admin123 adminpassword adminpassword123 rootpassword
  rootrootrootroot testtesttest testtesttesttest testpassword testpassword123 guestguestguest
  defaultpassword secretpassword secretsecret supersecretpassword mysecretpassword
  masterpassword tobeornottobe startrek starwars starwarsstarwars computer computer123 whatever
  whateverwhatever dragondragon monkeymonkey michelle jennifer michaelmichael liverpoolfc
  liverpoolliverpool
`;

/**
 * The commonest passwords, in lower case and without spaces or punctuation, of at least eight
 * characters: a shorter one is refused for its length.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));
