/**
 * What people take for a passphrase because they know it by heart, and guessers know as well: pangrams,
 * proverbs, first lines of songs, prayers and books, sentences from films, the example of xkcd 936.
 * Collected by hand for this project, which lists of passwords from breaches hold too few of: those have
 * some forty entries of fifteen characters and more. As `foldPassword` gives them, but for their spaces.
 */
const PHRASES = `
a bird in the hand is worth two in the bush
a friend in need is a friend indeed
a journey of a thousand miles
a long time ago in a galaxy far far away
a penny for your thoughts
a penny saved is a penny earned
a picture is worth a thousand words
abandon all hope ye who enter here
actions speak louder than words
admin administrator
administrator password
all animals are equal
all for one and one for all
all good things come to an end
all i want for christmas is you
all happy families are alike
all my loving all you need is love
all that glitters is not gold
all the worlds a stage
all you need is love
all your base are belong to us
an apple a day keeps the doctor away
another brick in the wall
another one bites the dust
as you wish princess
ask not what your country can do for you
be the change you wish to see in the world
beauty is in the eye of the beholder
better late than never
better safe than sorry
bohemian rhapsody
brevity is the soul of wit
call me ishmael
carpe diem quam minimum credula postero
change this password
correct horse battery staple
cogito ergo sum
could you please let me in
curiosity killed the cat
default password
do or do not there is no try
dont count your chickens before they hatch
dont worry be happy
early to bed and early to rise
elementary my dear watson
every cloud has a silver lining
et tu brute then fall caesar
for whom the bell tolls
four score and seven years ago
frankly my dear i dont give a damn
from zero to hero
give me liberty or give me death
god save the king
god save the queen
good things come to those who wait
great minds think alike
hakuna matata
happy birthday to you
hasta la vista baby
have a nice day
hello darkness my old friend
hello my name is
here comes the sun
heres looking at you kid
home sweet home
honesty is the best policy
houston we have a problem
how much wood would a woodchuck chuck
how now brown cow
humpty dumpty sat on a wall
hakuna matata what a wonderful phrase
i am your father
i am the best in the world
i came i saw i conquered
i cant get no satisfaction
i dont know my password
i forgot my password
i have a dream
i love my dog
i love my family
i love my husband
i love my mom
i love my wife
i love you baby
i love you forever
i love you so much
i love you very much
i think therefore i am
i want to hold your hand
i will always love you
if at first you dont succeed
if it aint broke dont fix it
ill be back
im gonna make him an offer he cant refuse
imagine all the people
in god we trust
in the beginning god created the heaven and the earth
in the beginning was the word
it was a bright cold day in april
it was a dark and stormy night
it was the best of times it was the worst of times
its a wonderful world
its raining cats and dogs
itsy bitsy spider
jack and jill went up the hill
jesus is my savior
jesus loves me this i know
just do it
keep calm and carry on
knowledge is power
laughter is the best medicine
let it be let it be
let it go let it go
let me in please
let there be light
life is like a box of chocolates
like a bridge over troubled water
like a rolling stone
little red riding hood
live long and prosper
london bridge is falling down
lorem ipsum dolor sit amet
louie i think this is the beginning of a beautiful friendship
luke i am your father
lucy in the sky with diamonds
mary had a little lamb
may the force be with you
money doesnt grow on trees
my name is bond james bond
my name is inigo montoya
my secret password
my super secret password
never gonna give you up
never gonna let you down
never say never again
new password
nobody puts baby in a corner
no pain no gain
no place like home
now is the time for all good men
now is the winter of our discontent
oh say can you see
old macdonald had a farm
once upon a time
once upon a time in a land far far away
one fish two fish red fish blue fish
one for all and all for one
one password to rule them all
one ring to rule them all
one small step for man
one two three four five
one two three four five six
open sesame
our father who art in heaven
our father which art in heaven
pack my box with five dozen liquor jugs
password password
peter piper picked a peck of pickled peppers
peter piper
phone home
play it again sam
please change me
please let me in
practice makes perfect
row row row your boat
rome wasnt built in a day
roses are red violets are blue
say hello to my little friend
she sells sea shells by the sea shore
she sells seashells by the seashore
show me the money
silent night holy night
some like it hot
somebody once told me
somewhere over the rainbow
stairway to heaven
stay hungry stay foolish
super secret password
sweet child o mine
test password
the answer to life the universe and everything
the best things in life are free
the early bird catches the worm
the early bird gets the worm
the end justifies the means
the grass is always greener on the other side
the hitchhikers guide to the galaxy
the lord is my shepherd
the lord of the rings
the love of my life
the password is password
the quick brown fox
the quick brown fox jumps over the lazy dog
the quick brown fox jumped over the lazy dog
the rain in spain stays mainly in the plain
the secret password
the truth is out there
the wheels on the bus go round and round
there is no place like home
theres no place like home
theres no place like localhost
this is a password
this is a secret
this is a secure password
this is a strong password
this is a very long password
this is my password
this is not a password
this is not my password
this is sparta
this is the password
this password is secure
this too shall pass
three blind mice
time flies like an arrow
to be or not to be
to be or not to be that is the question
to infinity and beyond
toto ive a feeling were not in kansas anymore
twinkle twinkle little star
two wrongs dont make a right
veni vidi vici
we are the champions
we are the world
we the people of the united states
we will we will rock you
we will rock you
wake me up before you go go
welcome to the jungle
what a wonderful world
whats the password
when in rome do as the romans do
when life gives you lemons make lemonade
where there is a will there is a way
who let the dogs out
winter is coming
wish you were here
with great power comes great responsibility
yellow submarine
yesterday all my troubles seemed so far away
you are my sunshine
you cant handle the truth
you had me at hello
you only live once
you shall not pass
youre gonna need a bigger boat
your password
your password here
your secret password
`;

export const KNOWN_PHRASES: readonly string[] = PHRASES.trim()
  .split('\n')
  .map((phrase) => phrase.replaceAll(' ', ''));
